namespace PaliGguf.Language;

/// <summary>
/// How the next token is chosen. The default is greedy. Otherwise the logits are divided by the temperature first, and
/// then top-k, top-p and min-p each narrow the candidates, in this order (as transformers does it).
/// </summary>
public sealed record SamplingOptions
{
    /// <summary>Always the most probable token.</summary>
    public static SamplingOptions Greedy { get; } = new();

    /// <summary>0 for greedy; 1 draws from the model's own distribution; below 1 sharpens it, above 1 flattens it. Finite, at least 0.</summary>
    public float Temperature { get; init; }

    /// <summary>Only the k most probable tokens; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>Only the most probable tokens that together reach this probability, in (0, 1]; 1 for all.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Only tokens at least this fraction as probable as the most probable one, in [0, 1]; 0 for all.</summary>
    public float MinP { get; init; }

    /// <summary>Makes drawing repeatable; null for a fresh seed per request.</summary>
    public int? Seed { get; init; }

    internal void Validate()
    {
        if (!float.IsFinite(Temperature) || Temperature < 0) throw Invalid("temperature", Temperature, "0 or more");
        if (TopK < 0) throw Invalid("top-k", TopK, "0 (all) or more");
        if (!(TopP > 0 && TopP <= 1)) throw Invalid("top-p", TopP, "more than 0 and at most 1");
        if (!(MinP >= 0 && MinP <= 1)) throw Invalid("min-p", MinP, "between 0 and 1");
    }

    private static ArgumentException Invalid(string name, float value, string allowed) => new($"The {name} of {value} is out of range: it is {allowed}.");
}
