namespace PaliGguf.Conversion.Bert;

/// <summary>Which layer's states BERTScore compares: what bert_score 0.3.12 takes by default, of its models those that are cased BERTs.</summary>
internal static class ScoreLayers
{
    private const int MultilingualTokens = 119547;
    private const int MultilingualLayers = 12;

    private static readonly Dictionary<string, int> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bert-base-multilingual-cased"] = 9,
        ["bert-base-cased-finetuned-mrpc"] = 9,
        ["bert-base-turkish-cased"] = 10,
        ["scibert_scivocab_cased"] = 9,
        ["scibert_basevocab_cased"] = 9,
    };

    /// <summary>The layer to cut at.</summary>
    /// <param name="config">The model.</param>
    /// <param name="names">What the model may be called.</param>
    /// <param name="chosen">What the user chose; null for the default.</param>
    /// <exception cref="ModelFormatException">There is no such layer, or no default.</exception>
    public static int Choose(BertConfig config, IEnumerable<string?> names, int? chosen)
    {
        int? layer = chosen ?? Known(config, names);
        if (layer is null)
        {
            throw new ModelFormatException(config.Path, "bert_score has no default layer for a model of this name: choose one of "
                + $"1 to {config.Layers} with --layer (models are called by their folder, as 'bert-base-multilingual-cased', layer 9)");
        }

        if (layer >= 1 && layer <= config.Layers) return layer.Value;
        throw new ModelFormatException(config.Path, $"layer {layer} is wanted, and num_hidden_layers is {config.Layers}");
    }

    private static int? Known(BertConfig config, IEnumerable<string?> names)
    {
        foreach (string? name in names)
        {
            if (name is not null && ByName.TryGetValue(name[(name.LastIndexOfAny(['/', '\\']) + 1)..], out int layer)) return layer;
        }

        // Nothing else has as many tokens.
        return config is { VocabularySize: MultilingualTokens, Layers: MultilingualLayers } ? ByName["bert-base-multilingual-cased"] : null;
    }
}
