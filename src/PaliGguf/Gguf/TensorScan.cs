using System.Buffers;
using System.Numerics.Tensors;
using PaliGguf.Interop;

namespace PaliGguf.Gguf;

/// <summary>Looks at every number in a file's tensors: damage and failed conversions often show as infinities, or as what is not a number.</summary>
public static class TensorScan
{
    private const int ElementsPerPiece = 1 << 20;

    /// <summary>Scans all tensors, on all cores.</summary>
    /// <param name="file">The file.</param>
    /// <param name="bytesScanned">Told now and then how many bytes of tensors have been scanned, from any thread.</param>
    /// <param name="cancellationToken">Ends the scan within a fraction of a second.</param>
    /// <returns>One finding per tensor that holds weights, in the file's order; tensors of integers have none.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IReadOnlyList<TensorFinding> Run(GgufFile file, IProgress<long>? bytesScanned = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        List<TensorFinding> findings = [];
        long done = 0;
        foreach (GgufTensor tensor in file.Tensors.Where(tensor => tensor.Type.HoldsWeights))
        {
            long blocks = tensor.ByteLength / tensor.Type.TypeSize;
            int blocksPerPiece = Math.Max(1, ElementsPerPiece / tensor.Type.BlockSize);
            TensorFinding[] pieces = new TensorFinding[(blocks + blocksPerPiece - 1) / blocksPerPiece];
            Parallel.For(0, pieces.Length, new ParallelOptions { CancellationToken = cancellationToken }, piece =>
            {
                long first = (long)piece * blocksPerPiece;
                int count = (int)Math.Min(blocksPerPiece, blocks - first);
                pieces[piece] = Scan(file, tensor, first, count);
                bytesScanned?.Report(Interlocked.Add(ref done, (long)count * tensor.Type.TypeSize));
            });
            findings.Add(new TensorFinding(
                tensor, pieces.Max(piece => piece.LargestMagnitude), pieces.Sum(piece => piece.NonFinite),
                pieces.FirstOrDefault(piece => piece.NonFinite > 0)?.FirstNonFinite ?? -1));
        }

        return findings;
    }

    private static TensorFinding Scan(GgufFile file, GgufTensor tensor, long firstBlock, int blocks)
    {
        int blockBytes = tensor.Type.TypeSize;
        int blockLength = tensor.Type.BlockSize;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(blocks * blockBytes);
        float[] floats = ArrayPool<float>.Shared.Rent(blocks * blockLength);
        try
        {
            Span<byte> stored = bytes.AsSpan(0, blocks * blockBytes);
            Span<float> values = floats.AsSpan(0, blocks * blockLength);
            file.CopyTo(tensor, firstBlock * blockBytes, stored);
            GgmlRows.Dequantize(tensor.Type, stored, values);
            float largest = Math.Abs(TensorPrimitives.MaxMagnitude<float>(values));
            if (float.IsFinite(largest)) return new TensorFinding(tensor, largest, 0, -1);
            return Count(tensor, values, firstBlock * blockLength);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<float>.Shared.Return(floats);
        }
    }

    private static TensorFinding Count(GgufTensor tensor, ReadOnlySpan<float> values, long start)
    {
        float largest = 0;
        long bad = 0;
        long first = -1;
        for (int index = 0; index < values.Length; index++)
        {
            if (float.IsFinite(values[index]))
            {
                largest = Math.Max(largest, Math.Abs(values[index]));
                continue;
            }

            if (bad++ == 0) first = start + index;
        }

        return new TensorFinding(tensor, largest, bad, first);
    }
}
