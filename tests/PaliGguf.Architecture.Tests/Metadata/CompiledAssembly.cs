using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace PaliGguf.Architecture.Tests.Metadata;

/// <summary>What a compiled assembly says of itself: its types, who of them uses whom, and the assemblies that it refers to.</summary>
internal sealed class CompiledAssembly
{
    private CompiledAssembly(PEReader image)
    {
        MetadataReader metadata = image.GetMetadataReader();
        Name = metadata.GetString(metadata.GetAssemblyDefinition().Name);
        References = metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).ToHashSet();

        TypeUseReader reader = new(image, metadata);
        Types = metadata.TypeDefinitions.Select(metadata.OutermostName).ToHashSet();
        Uses = metadata.TypeDefinitions.SelectMany(reader.UsesOf).ToHashSet();
    }

    public string Name { get; }

    public IReadOnlySet<string> References { get; }

    public IReadOnlySet<NamedType> Types { get; }

    public IReadOnlySet<TypeUse> Uses { get; }

    public static CompiledAssembly Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Read(file);
    }

    public static CompiledAssembly Read(Stream file)
    {
        using PEReader image = new(file);
        return new CompiledAssembly(image);
    }
}
