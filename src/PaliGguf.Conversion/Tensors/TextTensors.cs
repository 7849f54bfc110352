using PaliGguf.Conversion.Configuration;

namespace PaliGguf.Conversion.Tensors;

/// <summary>The decoder's tensors: which they are, their shapes, and their names in GGUF.</summary>
internal sealed class TextTensors
{
    private readonly ITensorSet _set;
    private readonly List<PlannedTensor> _planned = [];

    private TextTensors(ITensorSet set) => _set = set;

    public static IReadOnlyList<PlannedTensor> Plan(ITensorSet set, TextConfig config)
    {
        TextTensors plan = new(set);
        plan.Matrix("token_embd", "text.embed_tokens", config.VocabularySize, config.HiddenSize);
        for (int layer = 0; layer < config.Layers; layer++) plan.AddLayer(config, $"blk.{layer}.", $"text.layers.{layer}.");
        plan.Norm("output_norm", "text.norm", config.HiddenSize);
        return plan._planned;
    }

    private void AddLayer(TextConfig config, string gguf, string source)
    {
        long width = config.HiddenSize;
        long queries = (long)config.Heads * config.HeadSize;
        long keys = (long)config.KeyValueHeads * config.HeadSize;
        Norm(gguf + "attn_norm", source + "input_layernorm", width);
        Matrix(gguf + "attn_q", source + "self_attn.q_proj", queries, width);
        Matrix(gguf + "attn_k", source + "self_attn.k_proj", keys, width);
        Matrix(gguf + "attn_v", source + "self_attn.v_proj", keys, width);
        Matrix(gguf + "attn_output", source + "self_attn.o_proj", width, queries);
        if (config.Generation == GemmaGeneration.Gemma)
        {
            Norm(gguf + "ffn_norm", source + "post_attention_layernorm", width);
        }
        else
        {
            Norm(gguf + "post_attention_norm", source + "post_attention_layernorm", width);
            Norm(gguf + "ffn_norm", source + "pre_feedforward_layernorm", width);
            Norm(gguf + "post_ffw_norm", source + "post_feedforward_layernorm", width);
        }

        Matrix(gguf + "ffn_gate", source + "mlp.gate_proj", config.IntermediateSize, width);
        Matrix(gguf + "ffn_up", source + "mlp.up_proj", config.IntermediateSize, width);
        Matrix(gguf + "ffn_down", source + "mlp.down_proj", width, config.IntermediateSize);
    }

    private void Matrix(string gguf, string source, long rows, long columns)
    {
        if (_set.Take(source + ".weight", rows, columns) is { } tensor) _planned.Add(new PlannedTensor(gguf + ".weight", TensorRole.Matrix, tensor));
    }

    private void Norm(string gguf, string source, long width)
    {
        if (_set.Take(source + ".weight", width) is { } tensor)
        {
            _planned.Add(new PlannedTensor(gguf + ".weight", TensorRole.Exact, new ShiftedTensor(tensor)));
        }
    }
}
