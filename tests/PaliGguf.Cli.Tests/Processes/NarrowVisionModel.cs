using System.Collections.Immutable;
using PaliGguf.Gguf;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Processes;

/// <summary>The vision half of pali-nano with its projector cut to half the width: sound in itself, but of no use to pali-nano's text half.</summary>
internal static class NarrowVisionModel
{
    private const string WidthKey = "clip.vision.projection_dim";

    public static void Write(string path)
    {
        using GgufFile file = GgufFile.Open(Directory.GetFiles(Repository.PaliNano, "mmproj-*.gguf").Single());
        uint width = file.Metadata.GetUInt32(WidthKey) / 2;
        GgufWriter writer = new();
        foreach (GgufMetadataEntry entry in file.Metadata.Entries.Where(entry => entry.Key != WidthKey)) writer.Copy(entry);
        writer.Set(WidthKey, width);
        foreach (GgufTensor tensor in file.Tensors)
        {
            bool projector = tensor.Name.StartsWith("mm.", StringComparison.Ordinal);
            ImmutableArray<long> shape = projector ? tensor.Shape.SetItem(tensor.Shape.Length - 1, width) : tensor.Shape;
            byte[] data = new byte[projector ? tensor.ByteLength / 2 : tensor.ByteLength];
            file.CopyTo(tensor, 0, data);
            writer.AddTensor(tensor.Name, tensor.Type, shape.AsSpan(), (stream, _) => stream.Write(data));
        }

        writer.Write(path);
    }
}
