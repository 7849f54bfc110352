using System.Globalization;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.Bert;

/// <summary>The tensors of a BERT up to a layer: which they are, their shapes, and their names in GGUF.</summary>
internal sealed class BertTensors
{
    private const string Wrapper = "bert.";
    private const string LayerPrefix = "encoder.layer.";
    private const string Head = "head.";

    private readonly TensorSet _set;
    private readonly List<PlannedTensor> _planned = [];

    private BertTensors(TensorSet set) => _set = set;

    /// <exception cref="ModelFormatException">Lists every tensor that is missing, unfit or unknown.</exception>
    public static IReadOnlyList<PlannedTensor> Plan(Checkpoint checkpoint, BertConfig config, int layers)
    {
        TensorSet set = new(checkpoint, Naming(checkpoint.Tensors.Keys, layers));
        BertTensors plan = new(set);
        long width = config.HiddenSize;
        plan.Add("token_embd.weight", TensorRole.Matrix, "embeddings.word_embeddings.weight", config.VocabularySize, width);
        plan.Add("position_embd.weight", TensorRole.Exact, "embeddings.position_embeddings.weight", config.Positions, width);
        plan.Add("token_types.weight", TensorRole.Exact, "embeddings.token_type_embeddings.weight", config.TokenTypes, width);
        plan.Norm("token_embd_norm", "embeddings.LayerNorm", width);
        for (int layer = 0; layer < layers; layer++) plan.AddLayer(config, $"blk.{layer}.", $"{LayerPrefix}{layer}.");
        set.Complete();
        return plan._planned;
    }

    private void AddLayer(BertConfig config, string gguf, string source)
    {
        long width = config.HiddenSize;
        Product(gguf + "attn_q", source + "attention.self.query", width, width);
        Product(gguf + "attn_k", source + "attention.self.key", width, width);
        Product(gguf + "attn_v", source + "attention.self.value", width, width);
        Product(gguf + "attn_output", source + "attention.output.dense", width, width);
        Norm(gguf + "attn_output_norm", source + "attention.output.LayerNorm", width);
        Product(gguf + "ffn_up", source + "intermediate.dense", config.IntermediateSize, width);
        Product(gguf + "ffn_down", source + "output.dense", width, config.IntermediateSize);
        Norm(gguf + "layer_output_norm", source + "output.LayerNorm", width);
    }

    private void Product(string gguf, string source, long rows, long columns)
    {
        Add(gguf + ".weight", TensorRole.Matrix, source + ".weight", rows, columns);
        Add(gguf + ".bias", TensorRole.Exact, source + ".bias", rows);
    }

    private void Norm(string gguf, string source, long width)
    {
        Add(gguf + ".weight", TensorRole.Exact, source + ".weight", width);
        Add(gguf + ".bias", TensorRole.Exact, source + ".bias", width);
    }

    private void Add(string gguf, TensorRole role, string source, params ReadOnlySpan<long> shape)
    {
        if (_set.Take(source, shape) is { } tensor) _planned.Add(new PlannedTensor(gguf, role, tensor));
    }

    /// <summary>A model with a head has "bert." before the encoder's names; old ones call the parts of norms gamma and beta.</summary>
    private static TensorNaming Naming(IEnumerable<string> names, int layers)
    {
        bool wrapped = names.Any(name => name.StartsWith(Wrapper, StringComparison.Ordinal));
        bool old = names.Any(name => name.EndsWith(".LayerNorm.gamma", StringComparison.Ordinal));
        return new TensorNaming(Shorten, IsUnused, Spell);

        string? Shorten(string name)
        {
            if (wrapped && !name.StartsWith(Wrapper, StringComparison.Ordinal)) return Head + name;
            string inner = wrapped ? name[Wrapper.Length..] : name;
            return inner.Replace(".LayerNorm.gamma", ".LayerNorm.weight", StringComparison.Ordinal)
                .Replace(".LayerNorm.beta", ".LayerNorm.bias", StringComparison.Ordinal);
        }

        bool IsUnused(string name) => name == "embeddings.position_ids" || name.StartsWith(Head, StringComparison.Ordinal)
            || name.StartsWith("pooler.", StringComparison.Ordinal) || LayerOf(name) >= layers;

        string Spell(string name)
        {
            string inner = old
                ? name.Replace(".LayerNorm.weight", ".LayerNorm.gamma", StringComparison.Ordinal)
                    .Replace(".LayerNorm.bias", ".LayerNorm.beta", StringComparison.Ordinal)
                : name;
            return wrapped ? Wrapper + inner : inner;
        }
    }

    private static int LayerOf(string name)
    {
        if (!name.StartsWith(LayerPrefix, StringComparison.Ordinal)) return -1;
        ReadOnlySpan<char> rest = name.AsSpan(LayerPrefix.Length);
        int dot = rest.IndexOf('.');
        return dot > 0 && int.TryParse(rest[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out int layer) ? layer : -1;
    }
}
