using System.Runtime.InteropServices;
using PaliGguf.Conversion.Output;
using PaliGguf.Gguf;
using PaliGguf.Interop;
using PaliGguf.Training.Runtime;
using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Results;

/// <summary>
/// A GGUF file with what was trained in it: other tensors are copied as they are, the trained ones stored in the types that they had.
/// </summary>
internal static class TunedFile
{
    private const int RowsAtATime = 256;

    /// <summary>Writes the file.</summary>
    /// <param name="source">The file that was trained on.</param>
    /// <param name="path">The file to write; another one.</param>
    /// <param name="weights">The source's tensors.</param>
    /// <param name="linears">Its products, whose adapters are merged.</param>
    /// <exception cref="PaliException">It can not be written, or one of the types can not be.</exception>
    public static void Write(WeightFile source, string path, IEnumerable<Weight> weights, IEnumerable<Linear> linears)
    {
        Dictionary<string, Func<Tensor>> changed = new(StringComparer.Ordinal);
        foreach (Weight weight in weights.Where(each => each.IsTrained)) changed[weight.Name] = () => weight.ToStored();
        foreach (Linear linear in linears.Where(each => each.LowRank is not null)) changed[linear.Weight.Name] = () => Merge(linear);
        GgufFile file = source.File;
        GgufWriter writer = new(file.Alignment);
        foreach (GgufMetadataEntry entry in file.Metadata.Entries) writer.Copy(entry);
        foreach (GgufTensor tensor in file.Tensors)
        {
            Require(path, tensor, changed.ContainsKey(tensor.Name));
            writer.AddTensor(tensor.Name, tensor.Type, tensor.Shape.AsSpan(), (stream, token) =>
            {
                if (changed.TryGetValue(tensor.Name, out Func<Tensor>? values)) Store(tensor, values(), stream, token);
                else Copy(file, tensor, stream, token);
            });
        }

        writer.Write(path);
    }

    private static void Require(string path, GgufTensor tensor, bool isChanged)
    {
        if (isChanged && GgmlRows.NeedsImportance(tensor.Type))
        {
            throw new PaliException(
                $"{path}: {tensor.Name} is stored as {tensor.Type.Name}, which needs an importance matrix to be written: "
                + "keep the adapter apart, or train on a file of another type.");
        }
    }

    private static Tensor Merge(Linear linear)
    {
        using DisposeScope scope = NewDisposeScope();
        LowRank pair = linear.LowRank!;
        using IDisposable frozen = no_grad();
        return linear.Weight.ToStored(matmul(pair.B, pair.A).Multiply(pair.Scale)).MoveToOuterDisposeScope();
    }

    private static void Store(GgufTensor tensor, Tensor values, Stream stream, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        int rowLength = checked((int)tensor.RowLength);
        Tensor rows = values.view(-1, rowLength);
        byte[] stored = new byte[RowsAtATime * tensor.RowByteLength];
        for (long first = 0; first < rows.shape[0]; first += RowsAtATime)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope piece = NewDisposeScope();
            Tensor part = rows.narrow(0, first, Math.Min(RowsAtATime, rows.shape[0] - first));
            Span<byte> target = stored.AsSpan(0, (int)(part.shape[0] * tensor.RowByteLength));
            ElementWriter.FromFloats(tensor.Type, MemoryMarshal.Cast<byte, float>(part.OnHost().bytes), rowLength, default, target);
            stream.Write(target);
        }
    }

    private static void Copy(GgufFile file, GgufTensor tensor, Stream stream, CancellationToken cancellationToken)
    {
        const int Step = 1 << 20;
        byte[] buffer = new byte[Step];
        for (long first = 0; first < tensor.ByteLength; first += Step)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(Step, tensor.ByteLength - first));
            file.CopyTo(tensor, first, part);
            stream.Write(part);
        }
    }
}
