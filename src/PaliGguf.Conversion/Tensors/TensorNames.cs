namespace PaliGguf.Conversion.Tensors;

/// <summary>
/// The names that PaliGemma checkpoints give their tensors. There are two generations, before and after transformers 4.52; both are reduced to
/// short names that begin with "text.", "vision." or "projector.", or are <see cref="Head"/>. Since 5.6 the tower's names may lack their second part.
/// </summary>
internal static class TensorNames
{
    /// <summary>The output matrix, which is the embedding again.</summary>
    public const string Head = "lm_head.weight";

    /// <summary>The embedding's short name.</summary>
    public const string Embedding = "text.embed_tokens.weight";

    private static readonly (string Prefix, string Short)[] Prefixes =
    [
        ("language_model.model.", "text."),
        ("vision_tower.vision_model.", "vision."),
        ("multi_modal_projector.linear.", "projector."),
        ("vision_tower.", "vision."),
        ("model.language_model.", "text."),
        ("model.vision_tower.vision_model.", "vision."),
        ("model.multi_modal_projector.linear.", "projector."),
        ("model.vision_tower.", "vision."),
    ];

    private const int FirstOfNewGeneration = 4;

    /// <summary>The naming of a checkpoint's generation.</summary>
    /// <param name="names">All of its names.</param>
    public static TensorNaming Of(IEnumerable<string> names)
    {
        bool newGeneration = names.Any(IsNewGeneration);
        return new TensorNaming(Shorten, IsUnused, shortName => Spell(shortName, newGeneration));
    }

    /// <summary>The short name; null for a name of neither generation.</summary>
    public static string? Shorten(string name)
    {
        if (name is Head or "language_model." + Head or "model." + Head) return Head;
        foreach ((string prefix, string shortPrefix) in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal)) return shortPrefix + name[prefix.Length..];
        }

        return null;
    }

    public static bool IsNewGeneration(string name) => Prefixes[FirstOfNewGeneration..].Any(pair => name.StartsWith(pair.Prefix, StringComparison.Ordinal));

    /// <summary>The full name that a short one has in checkpoints of a generation.</summary>
    public static string Spell(string shortName, bool newGeneration)
    {
        IEnumerable<(string Prefix, string Short)> generation = newGeneration ? Prefixes[FirstOfNewGeneration..] : Prefixes[..FirstOfNewGeneration];
        (string prefix, string start) = generation.First(pair => shortName.StartsWith(pair.Short, StringComparison.Ordinal));
        return prefix + shortName[start.Length..];
    }

    /// <summary>Tensors that some checkpoints carry though the model does not use them: SigLIP's pooling head and buffers that follow from the sizes.</summary>
    public static bool IsUnused(string shortName) =>
        shortName.StartsWith("vision.head.", StringComparison.Ordinal)
        || shortName == "vision.embeddings.position_ids"
        || (shortName.StartsWith("text.", StringComparison.Ordinal) && shortName.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal));
}
