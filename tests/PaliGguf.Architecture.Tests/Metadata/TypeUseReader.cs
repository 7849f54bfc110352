using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace PaliGguf.Architecture.Tests.Metadata;

/// <summary>
/// Finds the types of the same assembly that a type names: in its base, interfaces, constraints, attributes, fields and signatures,
/// and in the locals, handlers and instructions of its methods. A constant leaves no trace where it is used, so it is not seen.
/// </summary>
internal sealed class TypeUseReader(PEReader image, MetadataReader metadata)
{
    private readonly Dictionary<string, TypeDefinitionHandle> _own =
        metadata.TypeDefinitions.ToDictionary(metadata.FullName, StringComparer.Ordinal);

    public IEnumerable<TypeUse> UsesOf(TypeDefinitionHandle handle)
    {
        NamedTypes named = new(metadata, _own);
        TypeDefinition type = metadata.GetTypeDefinition(handle);

        named.Add(type.BaseType);
        named.Add(type.GetCustomAttributes());
        named.Add(type.GetGenericParameters());
        foreach (InterfaceImplementationHandle each in type.GetInterfaceImplementations())
        {
            named.Add(metadata.GetInterfaceImplementation(each).Interface);
        }

        foreach (PropertyDefinitionHandle each in type.GetProperties())
        {
            named.Add(metadata.GetPropertyDefinition(each).GetCustomAttributes());
        }

        foreach (EventDefinitionHandle each in type.GetEvents()) named.Add(metadata.GetEventDefinition(each).GetCustomAttributes());
        foreach (FieldDefinitionHandle each in type.GetFields()) named.Add(metadata.GetFieldDefinition(each));
        foreach (MethodDefinitionHandle each in type.GetMethods())
        {
            named.Add(metadata.GetMethodDefinition(each));
            AddBody(metadata.GetMethodDefinition(each), named);
        }

        NamedType user = metadata.OutermostName(handle);
        return named.Names.Where(used => used != user).Select(used => new TypeUse(user, used));
    }

    private void AddBody(MethodDefinition method, NamedTypes named)
    {
        if (method.RelativeVirtualAddress == 0) return;

        MethodBodyBlock body = image.GetMethodBody(method.RelativeVirtualAddress);
        named.Add(body.LocalSignature);
        foreach (ExceptionRegion region in body.ExceptionRegions) named.Add(region.CatchType);
        foreach (EntityHandle token in MethodTokens.Read(body.GetILReader())) named.Add(token);
    }
}
