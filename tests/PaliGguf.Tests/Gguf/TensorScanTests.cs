using System.Runtime.InteropServices;
using PaliGguf.Gguf;

namespace PaliGguf.Tests.Gguf;

public sealed class TensorScanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_not_finite_is_counted_and_placed()
    {
        // More than one piece, of which the second has the first fault.
        float[] values = new float[(1 << 20) + 512];
        values[7] = -3;
        values[^300] = float.NegativeInfinity;
        values[^2] = float.NaN;
        TensorFinding finding = Scan(GgmlType.F32, MemoryMarshal.AsBytes<float>(values).ToArray(), values.Length).Single();
        Assert.Equal((3f, 2L, values.Length - 300L), (finding.LargestMagnitude, finding.NonFinite, finding.FirstNonFinite));
    }

    [Fact]
    public void A_block_with_a_broken_scale_is_not_finite_as_a_whole()
    {
        byte[] blocks = new byte[3 * 34];
        MemoryMarshal.Write(blocks.AsSpan(34), Half.NaN);
        blocks.AsSpan(36, 32).Fill(1);
        TensorFinding finding = Scan(GgmlType.Q8_0, blocks, 96).Single();
        Assert.Equal((0f, 32L, 32L), (finding.LargestMagnitude, finding.NonFinite, finding.FirstNonFinite));
    }

    [Fact]
    public void Sound_tensors_have_no_fault()
    {
        TensorFinding finding = Scan(GgmlType.F16, MemoryMarshal.AsBytes<Half>([(Half)1, (Half)(-2.5), (Half)0]).ToArray(), 3).Single();
        Assert.Equal((2.5f, 0L, -1L), (finding.LargestMagnitude, finding.NonFinite, finding.FirstNonFinite));
    }

    [Fact]
    public void Integers_are_not_looked_at() => Assert.Empty(Scan(GgmlType.I32, [1, 2, 3, 4], 1));

    [Fact]
    public void A_scan_can_be_cancelled() =>
        Assert.ThrowsAny<OperationCanceledException>(() => Scan(GgmlType.F32, new byte[4], 1, new CancellationToken(canceled: true)));

    private IReadOnlyList<TensorFinding> Scan(GgmlType type, byte[] data, long elements, CancellationToken cancellationToken = default)
    {
        GgufWriter writer = new();
        writer.AddTensor("x", type, [elements], (stream, _) => stream.Write(data));
        writer.Write(_folder.File("x.gguf"), cancellationToken: CancellationToken.None);
        using GgufFile file = GgufFile.Open(_folder.File("x.gguf"));
        return TensorScan.Run(file, cancellationToken: cancellationToken);
    }
}
