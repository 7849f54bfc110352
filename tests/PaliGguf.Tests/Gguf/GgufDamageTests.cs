using System.Diagnostics;
using PaliGguf.Gguf;

namespace PaliGguf.Tests.Gguf;

/// <summary>A damaged file opens or is refused with an error; nothing else happens, and little memory is used.</summary>
public sealed class GgufDamageTests : IDisposable
{
    private const long AllocationLimit = 64L << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        byte[] whole = File.ReadAllBytes(GgufSamples.Realistic(_folder));
        Random random = new(1);
        foreach (int length in Enumerable.Range(0, 30).Concat(Enumerable.Range(0, 200).Select(_ => random.Next(whole.Length))).Append(whole.Length - 1))
        {
            Assert.False(Opens(whole.AsSpan(0, length)), $"cut to {length} of {whole.Length} bytes");
        }

        Assert.True(Opens(whole));
    }

    [Fact]
    public void A_flipped_byte_opens_or_is_refused()
    {
        byte[] whole = File.ReadAllBytes(GgufSamples.Realistic(_folder));
        int headerBytes = HeaderBytes();
        Random random = new(2);
        int refused = 0;
        for (int trial = 0; trial < 500; trial++)
        {
            byte[] damaged = [.. whole];

            // Half of the flips hit the numbers at the beginning and the tensor directory at the end; most of the rest lies within strings.
            int position = (trial % 4) switch
            {
                0 => random.Next(300),
                1 => headerBytes - 1 - random.Next(600),
                _ => random.Next(headerBytes),
            };
            damaged[position] ^= (byte)random.Next(1, 256);
            if (!Opens(damaged)) refused++;
        }

        Assert.InRange(refused, 100, 499);
    }

    [Fact]
    public void Extreme_numbers_anywhere_open_or_are_refused()
    {
        byte[] whole = File.ReadAllBytes(GgufSamples.Realistic(_folder, tokens: 4));
        int headerBytes = HeaderBytes();
        foreach (ulong extreme in (ulong[])[0, ulong.MaxValue, 1UL << 63, long.MaxValue, 1UL << 32, uint.MaxValue, 1UL << 61])
        {
            for (int position = 8; position + 8 <= headerBytes; position += 7)
            {
                byte[] damaged = [.. whole];
                BitConverter.TryWriteBytes(damaged.AsSpan(position), extreme);
                Opens(damaged);
            }
        }
    }

    [Fact]
    public void A_file_of_nothing_but_a_large_directory_takes_little_memory()
    {
        // As many entries and tensors as are supported, and then a fault.
        GgufBytes bytes = new();
        for (int i = 0; i < 65535; i++) bytes.UInt32($"key.{i}", 1);
        for (int i = 0; i < 65535; i++) bytes.Tensor($"a.tensor.with.a.name.of.some.length.{i}", [1, 1, 1, 1]);
        Assert.False(Opens(bytes.ToArray()));
    }

    [Fact]
    public void Large_arrays_before_a_fault_are_not_read_into_memory()
    {
        GgufBytes bytes = new();
        for (int i = 0; i < 4; i++) bytes.Array($"strings.{i}", 8, 500_000, new byte[4_000_000]);
        for (int i = 0; i < 2; i++) bytes.Array($"numbers.{i}", 10, 500_000, new byte[4_000_000]);
        bytes.Entry("last", 99, []);
        Assert.False(Opens(bytes.ToArray(), limit: 1 << 20));
    }

    private int HeaderBytes()
    {
        using GgufFile file = GgufFile.Open(_folder.File("realistic.gguf"));
        return (int)file.Tensors[0].Offset;
    }

    private bool Opens(ReadOnlySpan<byte> bytes, long limit = AllocationLimit)
    {
        string path = _folder.Write("damaged.gguf", bytes);
        long start = Stopwatch.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using GgufFile file = GgufFile.Open(path);
            foreach (GgufTensor tensor in file.Tensors) file.GetRows(tensor, tensor.RowCount - 1, 1).ToArray();
            return true;
        }
        catch (ModelFormatException e)
        {
            Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', e.Message);
            return false;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, limit);
            Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 10);
        }
    }
}
