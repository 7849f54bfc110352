using PaliGguf.Vision;

namespace PaliGguf.Language;

/// <summary>Pictures and a prompt, and how to answer them.</summary>
public sealed record GenerationRequest
{
    /// <summary>The pictures, in the order in which the model sees them; usually one.</summary>
    public IReadOnlyList<RgbImage> Images { get; init; } = [];

    /// <summary>
    /// The prompt as the checkpoint was trained with it, "caption en" for example (see <see cref="Tasks.Prompts"/>), without the line feed
    /// that ends the prefix. The characters of control tokens ("&lt;eos&gt;", "&lt;image&gt;") in it stay characters; location and
    /// segmentation tokens ("&lt;loc0123&gt;") are recognised.
    /// </summary>
    public required string Prompt { get; init; }

    /// <summary>How tokens are chosen.</summary>
    public SamplingOptions Sampling { get; init; } = SamplingOptions.Greedy;

    /// <summary>The longest answer in tokens, at least 1; the context's end shortens it.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>Texts that end the answer when they appear in it; they are not part of the result.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>True to go on after the end-of-sequence token, up to <see cref="MaxTokens"/>: for measurements and comparisons.</summary>
    public bool IgnoreEos { get; init; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Prompt);
        ArgumentNullException.ThrowIfNull(Sampling);
        Sampling.Validate();
        if (Images.Any(image => image is null)) throw new ArgumentException("A picture is null.");
        if (MaxTokens < 1) throw new ArgumentException($"The longest answer must have at least 1 token, not {MaxTokens}.");
        if (Stop.Any(string.IsNullOrEmpty)) throw new ArgumentException("A stop text is empty.");
    }
}
