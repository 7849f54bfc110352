using PaliGguf.Gguf;
using PaliGguf.Language;
using PaliGguf.Vision;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>How much there is to do, by arithmetic: a product of matrices counts two operations per element and row. What bounds the figures, whoever computes.</summary>
/// <param name="WeightBytesPerToken">The decoder's weights, all of which are read for each step of decoding.</param>
/// <param name="DecodeTokensPerSecond">How often the machine can read these in a second: the most that one request can have. Null where layers are on a GPU.</param>
/// <param name="VisionGflop">One picture through the tower and the projector.</param>
/// <param name="PrefixGflop">One prefix through the decoder.</param>
internal sealed record WorkJson(long WeightBytesPerToken, double? DecodeTokensPerSecond, double VisionGflop, double PrefixGflop)
{
    /// <summary>The work of a model.</summary>
    /// <param name="text">The text GGUF.</param>
    /// <param name="vision">The vision GGUF.</param>
    /// <param name="prefix">The tokens of a prefix.</param>
    /// <param name="machine">The machine.</param>
    public static WorkJson Of(string text, string vision, int prefix, MachineJson machine)
    {
        using GgufFile textFile = GgufFile.Open(text);
        using GgufFile visionFile = GgufFile.Open(vision);
        long bytes = textFile.Tensors.Sum(tensor => tensor.ByteLength);
        return new WorkJson(
            bytes,
            machine.Gpus.Count > 0 ? null : Math.Round(machine.MemoryReadBytesPerSecond.AllThreads / bytes, 3),
            Math.Round(OperationsOf(VisionLayout.Read(visionFile)) / 1e9, 3),
            Math.Round(OperationsOf(TextModelLayout.Read(textFile), prefix) / 1e9, 3));
    }

    private static double OperationsOf(VisionLayout tower)
    {
        double hidden = tower.HiddenLength;
        double weights = (tower.PatchLength * hidden) + (tower.LayerCount * ((4 * hidden * hidden) + (2 * hidden * tower.FeedForwardLength))) + (hidden * tower.ProjectionLength);
        double attention = tower.LayerCount * 2 * hidden * tower.Patches;
        return 2 * tower.Patches * (weights + attention);
    }

    private static double OperationsOf(TextModelLayout decoder, int prefix)
    {
        double width = decoder.EmbeddingLength;
        double queries = decoder.HeadCount * decoder.HeadLength;
        double keys = decoder.KeyValueHeadCount * decoder.HeadLength;
        double weights = decoder.LayerCount * ((2 * width * queries) + (2 * width * keys) + (3 * width * decoder.FeedForwardLength));
        double attention = decoder.LayerCount * 2 * queries * prefix;
        // Of the last row alone the logits are wanted.
        return (2 * prefix * (weights + attention)) + (2 * width * decoder.VocabularySize);
    }
}
