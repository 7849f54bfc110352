using Microsoft.Extensions.Logging;
using PaliGguf.Gguf;

namespace PaliGguf.Vision;

/// <summary>
/// The keys of a vision file beside its numbers: what says that the tower or the projector is computed otherwise than PaliGemma's.
/// </summary>
internal static class VisionKeys
{
    private const string Own = "clip.";
    private const int MostListed = 10;

    // The last is LLaVA's, which without its second layer is a linear one.
    private static readonly string[] Projectors = ["paligemma", "paligemma2", "mlp"];

    private static readonly HashSet<string> Known = new(
    [
        "has_vision_encoder", "has_text_encoder", "has_audio_encoder", "has_llava_projector", "projector_type", "use_gelu", "use_silu",
        "vision.projector_type", "vision.image_size", "vision.patch_size", "vision.embedding_length", "vision.feed_forward_length",
        "vision.block_count", "vision.attention.head_count", "vision.attention.layer_norm_epsilon", "vision.image_mean", "vision.image_std",
        "vision.projection_dim", "vision.feature_layer",
    ], StringComparer.Ordinal);

    /// <summary>Refuses what asks for another computation.</summary>
    /// <param name="file">A vision file.</param>
    /// <param name="layers">The tower's layers.</param>
    /// <exception cref="ModelFormatException">A key does; it is named.</exception>
    public static void Check(GgufFile file, int layers)
    {
        GgufMetadata keys = file.Metadata;
        file.Require(
            !keys.TryGetBoolean("clip.has_vision_encoder", out bool sees) || sees,
            $"clip.has_vision_encoder is false: there is no tower in it.");
        file.Require(
            !keys.TryGetBoolean("clip.use_silu", out bool silu) || !silu, $"clip.use_silu is true, but PaliGemma's tower computes GELU.");
        file.Require(
            !keys.TryGetBoolean("clip.use_gelu", out bool gelu) || gelu,
            $"clip.use_gelu is false, which stands for the quick approximation of GELU; PaliGemma's tower does not compute that one.");
        foreach (string key in new[] { "clip.projector_type", "clip.vision.projector_type" })
        {
            if (!keys.TryGetString(key, out string? type)) continue;
            file.Require(
                Projectors.Contains(type, StringComparer.Ordinal),
                $"{key} is {GgufName.Quote(type)}: PaliGemma's projector is a linear one ({string.Join(", ", Projectors)}).");
        }

        if (!keys.Contains("clip.vision.feature_layer")) return;
        ReadOnlySpan<int> seen = keys.GetInt32Array("clip.vision.feature_layer");
        file.Require(
            seen is [int last] && last == layers,
            $"clip.vision.feature_layer is [{string.Join(", ", seen[..Math.Min(seen.Length, MostListed)].ToArray())}]: "
            + $"PaliGemma's projector sees the last of {layers} layers, [{layers}].");
    }

    /// <summary>Tells of keys that nothing here asks for: whatever they are for, it is not done.</summary>
    public static void WarnOfUnknown(GgufFile file, ILogger logger)
    {
        string[] unknown =
            [.. file.Metadata.Keys.Where(key => key.StartsWith(Own, StringComparison.Ordinal) && !Known.Contains(key[Own.Length..]))];
        if (unknown.Length == 0) return;
        string more = unknown.Length > MostListed ? $" and {unknown.Length - MostListed} more" : "";
        logger.LogWarning(
            "{Path}: unknown and not taken into account: {Keys}{More}",
            file.Path,
            string.Join(", ", unknown.Take(MostListed).Select(GgufName.Quote)),
            more);
    }
}
