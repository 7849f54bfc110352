using System.Globalization;
using System.Runtime.InteropServices;
using PaliGguf.Conversion.Output;
using PaliGguf.Conversion.Sources;
using PaliGguf.Training.Runtime;

namespace PaliGguf.Training.Files;

/// <summary>Tensors in a safetensors file, as 32-bit floats. A file appears whole or not at all.</summary>
internal static class TensorFile
{
    /// <summary>Writes tensors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">They, by their names.</param>
    /// <param name="metadata">Texts about them.</param>
    /// <exception cref="PaliException">It can not be written.</exception>
    public static void Write(string path, IReadOnlyList<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        byte[] beginning = SafetensorsBeginning.Of(
            tensors.Select(each => (each.Name, ElementType.F32, (IReadOnlyList<long>)each.Value.shape)),
            metadata);
        long length = beginning.Length + tensors.Sum(each => each.Value.numel() * sizeof(float));
        using PendingFile file = new(path, length, progress: null, CancellationToken.None);
        file.Write(beginning);
        foreach ((_, Tensor value) in tensors)
        {
            using DisposeScope scope = NewDisposeScope();
            foreach (Tensor part in Parts(value.detach().contiguous().flatten())) file.Write(part.OnHost().bytes);
        }

        file.Commit();
    }

    /// <summary>Reads tensors into others.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">What is read into, by the names in the file; all must be there with their shapes.</param>
    /// <exception cref="ModelFormatException">The file is malformed, or holds other tensors.</exception>
    public static void Read(string path, IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Dictionary<string, SafetensorsTensor> stored = file.Tensors.ToDictionary(each => each.Name, StringComparer.Ordinal);
        using IDisposable frozen = no_grad();
        foreach ((string name, Tensor value) in tensors)
        {
            using DisposeScope scope = NewDisposeScope();
            if (!stored.TryGetValue(name, out SafetensorsTensor? source))
                throw new ModelFormatException(path, $"the tensor {name} is missing");
            if (!source.Shape.SequenceEqual(value.shape))
            {
                throw new ModelFormatException(
                    path, $"{name} is [{string.Join(", ", source.Shape)}], expected [{string.Join(", ", value.shape)}]");
            }

            long first = 0;
            foreach (Tensor part in Parts(value.flatten()))
            {
                long from = first;
                part.WriteOnHost(host => source.Read(from, MemoryMarshal.Cast<byte, float>(host.bytes)));
                first += part.numel();
            }
        }
    }

    /// <summary>A number as metadata holds it, without loss.</summary>
    public static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    // A span ends at 2 GiB.
    private static IEnumerable<Tensor> Parts(Tensor flat)
    {
        const long Longest = 1L << 28;
        for (long first = 0; first < flat.numel(); first += Longest)
            yield return flat.narrow(0, first, Math.Min(Longest, flat.numel() - first));
    }
}
