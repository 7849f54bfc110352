using System.Diagnostics;
using PaliGguf.Imaging;
using PaliGguf.Language;

namespace PaliGguf.Benchmarks;

/// <summary>What it gains to prepare the next pictures while answers are decoded: many pictures one after the other, and ahead of the decoder.</summary>
internal static class EachTable
{
    private const int Rounds = 3;

    /// <param name="output">Where the table goes, in Markdown.</param>
    /// <param name="model">A text GGUF, or a folder with one pair of GGUF files.</param>
    /// <param name="pictures">How many pictures.</param>
    public static async Task PrintAsync(TextWriter output, string model, int pictures)
    {
        byte[][] files = [.. Enumerable.Range(0, pictures).Select(Picture)];
        await output.WriteLineAsync($"| {pictures} pictures, 12 tokens each | seconds | pictures per second | times faster |");
        await output.WriteLineAsync("|---|---|---|---|");
        double first = 0;
        foreach ((string name, int sequences, bool ahead) in new[] { ("one after the other", 1, false), ("ahead, 1 sequence", 1, true), ("ahead, 4 sequences", 4, true), ("ahead, 8 sequences", 8, true) })
        {
            await using PaliModel loaded = await PaliModel.LoadAsync(model, new ModelOptions { Sequences = sequences, SoftTokenCacheBytes = 0, TextTokens = 64, GpuLayers = 0 });
            List<double> times = [];
            for (int round = 0; round < Rounds; round++)
            {
                long start = Stopwatch.GetTimestamp();
                if (ahead)
                {
                    await foreach (EachOutcome<byte[]> outcome in loaded.GenerateEachAsync(files, (file, _) => ValueTask.FromResult(Request(file)))) Check(outcome.Result);
                }
                else
                {
                    foreach (byte[] file in files) Check(await loaded.GenerateAsync(Request(file)).Result);
                }

                times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            double median = times.Order().ElementAt(Rounds / 2);
            if (first == 0) first = median;
            await output.WriteLineAsync($"| {name} | {median:F2} | {pictures / median:F1} | {first / median:F2} |");
        }
    }

    private static GenerationRequest Request(byte[] file) => new() { Images = [ImageFile.Load(file)], Prompt = "caption en", MaxTokens = 12, IgnoreEos = true };

    private static void Check(GenerationResult? result)
    {
        if (result?.Tokens.Count != 12) throw new InvalidOperationException("A picture has no answer.");
    }

    private static byte[] Picture(int seed)
    {
        const int Width = 1280, Height = 960;
        byte[] pixels = new byte[3 * Width * Height];
        for (int index = 0; index < pixels.Length; index++) pixels[index] = (byte)((index / 3 % Width / 8) + (index / (3 * Width) / 8) + seed);
        return ImageFile.Encode(RgbImage.FromRgb(pixels, Width, Height), ImageFormat.Jpeg);
    }
}
