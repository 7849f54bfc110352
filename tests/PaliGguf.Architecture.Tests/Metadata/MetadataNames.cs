using System.Reflection.Metadata;

namespace PaliGguf.Architecture.Tests.Metadata;

internal static class MetadataNames
{
    /// <summary>The name of the outermost type around a type: itself, if none is.</summary>
    public static NamedType OutermostName(this MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        while (type.IsNested) type = metadata.GetTypeDefinition(type.GetDeclaringType());
        return new NamedType(metadata.GetString(type.Namespace), metadata.GetString(type.Name));
    }

    /// <summary>The name of a type as reflection writes it.</summary>
    public static string FullName(this MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        string name = metadata.GetString(type.Name);
        return type.IsNested
            ? $"{metadata.FullName(type.GetDeclaringType())}+{name}"
            : new NamedType(metadata.GetString(type.Namespace), name).ToString();
    }
}
