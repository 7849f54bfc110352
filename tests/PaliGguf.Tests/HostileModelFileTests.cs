using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Tests;

/// <summary>A damaged half of the shipped pair loads and answers, or is refused with one line; nothing else happens, and little memory is used.</summary>
[Collection(Alone.Name)]
public sealed class HostileModelFileTests : IDisposable
{
    private const long AllocationLimit = 64L << 20;
    private readonly TemporaryFolder _folder = new();

    public enum Half
    {
        Text,
        Vision,
    }

    private static string TextPath => Path.Combine(Repository.PaliNano, "pali-nano-Q8_0.gguf");

    private static string VisionPath => Path.Combine(Repository.PaliNano, "mmproj-pali-nano-Q8_0.gguf");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Half.Text)]
    [InlineData(Half.Vision)]
    public async Task A_file_cut_anywhere_is_refused(Half half)
    {
        byte[] whole = File.ReadAllBytes(half == Half.Text ? TextPath : VisionPath);
        int headerBytes = HeaderBytes(half);
        Random random = new(21);
        for (int trial = 0; trial < 100; trial++)
        {
            int length = random.Next(trial % 2 == 0 ? headerBytes : whole.Length);
            Assert.False(await LoadsAsync(half, _folder.Write("damaged.gguf", whole.AsSpan(0, length))), $"cut to {length} of {whole.Length} bytes");
        }
    }

    [Theory]
    [InlineData(Half.Text)]
    [InlineData(Half.Vision)]
    public async Task A_flipped_byte_in_the_header_answers_or_is_refused(Half half)
    {
        byte[] whole = File.ReadAllBytes(half == Half.Text ? TextPath : VisionPath);
        string damaged = _folder.Write("damaged.gguf", whole);
        int headerBytes = HeaderBytes(half);
        Random random = new(22);
        int refused = 0;
        for (int trial = 0; trial < 250; trial++)
        {
            // Half of the flips hit the numbers at the beginning and the tensor directory at the end; most of the rest lies within strings.
            int position = (trial % 4) switch
            {
                0 => random.Next(Math.Min(3000, headerBytes)),
                1 => headerBytes - 1 - random.Next(Math.Min(6000, headerBytes)),
                _ => random.Next(headerBytes),
            };
            Overwrite(damaged, position, (byte)(whole[position] ^ random.Next(1, 256)));
            if (!await LoadsAsync(half, damaged)) refused++;
            Overwrite(damaged, position, whole[position]);
        }

        Assert.InRange(refused, 50, 249);
        Assert.True(await LoadsAsync(half, damaged));
    }

    private static int HeaderBytes(Half half)
    {
        using GgufFile file = GgufFile.Open(half == Half.Text ? TextPath : VisionPath);
        return (int)file.Tensors.Min(tensor => tensor.Offset);
    }

    private static void Overwrite(string path, int position, byte value)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Write);
        file.Position = position;
        file.WriteByte(value);
    }

    private static async Task<bool> LoadsAsync(Half half, string damaged)
    {
        (string text, string vision) = half == Half.Text ? (damaged, VisionPath) : (TextPath, damaged);
        long before = GC.GetTotalAllocatedBytes();
        try
        {
            using PaliModel model = await PaliModel.LoadAsync(text, Models.OneThread with { VisionPath = vision, ContextLength = 256 });
            await model.GenerateAsync(new GenerationRequest { Images = [RgbImage.FromRgb(new byte[3], 1, 1)], Prompt = "caption en é", MaxTokens = 3, IgnoreEos = true }).Result;
            return true;
        }
        catch (PaliException refusal)
        {
            Assert.DoesNotContain('\n', refusal.Message);
            return false;
        }
        finally
        {
            // Of the whole process, since loading runs on several threads.
            Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, AllocationLimit + new FileInfo(damaged).Length);
        }
    }
}
