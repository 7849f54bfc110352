using PaliGguf.Conversion.Configuration;

namespace PaliGguf.Conversion.Tensors;

/// <summary>The tensors of the vision tower and the projector: which they are, their shapes, and their names in GGUF.</summary>
internal sealed class VisionTensors
{
    /// <summary>The projector's name, before <c>.weight</c> and <c>.bias</c>.</summary>
    public const string Projector = "mm.0";

    private readonly ITensorSet _set;
    private readonly List<PlannedTensor> _planned = [];

    private VisionTensors(ITensorSet set) => _set = set;

    public static IReadOnlyList<PlannedTensor> Plan(ITensorSet set, VisionConfig config, int textWidth)
    {
        VisionTensors plan = new(set);
        long width = config.HiddenSize;
        plan.Add("v.patch_embd.weight", TensorRole.PreciseMatrix,
            "vision.embeddings.patch_embedding.weight", width, 3, config.PatchSize, config.PatchSize);
        plan.Add("v.patch_embd.bias", TensorRole.Exact, "vision.embeddings.patch_embedding.bias", width);
        plan.Add("v.position_embd.weight", TensorRole.Exact, "vision.embeddings.position_embedding.weight", config.Patches, width);
        for (int layer = 0; layer < config.Layers; layer++) plan.AddLayer(config, $"v.blk.{layer}.", $"vision.encoder.layers.{layer}.");
        plan.Norm("v.post_ln", "vision.post_layernorm", width);
        plan.Linear(Projector, "projector", textWidth, width);
        return plan._planned;
    }

    private void AddLayer(VisionConfig config, string gguf, string source)
    {
        long width = config.HiddenSize;
        long inner = config.IntermediateSize;
        long padded = config.PaddedIntermediateSize;
        Norm(gguf + "ln1", source + "layer_norm1", width);
        Linear(gguf + "attn_q", source + "self_attn.q_proj", width, width);
        Linear(gguf + "attn_k", source + "self_attn.k_proj", width, width);
        Linear(gguf + "attn_v", source + "self_attn.v_proj", width, width);
        Linear(gguf + "attn_out", source + "self_attn.out_proj", width, width);
        Norm(gguf + "ln2", source + "layer_norm2", width);

        // Exact: what the added rows of the first matrix give is gelu(0) = 0, and the added columns of the second are zero too.
        Padded(gguf + "ffn_up.weight", TensorRole.Matrix, source + "mlp.fc1.weight", [inner, width], [padded, width]);
        Padded(gguf + "ffn_up.bias", TensorRole.Exact, source + "mlp.fc1.bias", [inner], [padded]);
        Padded(gguf + "ffn_down.weight", TensorRole.Matrix, source + "mlp.fc2.weight", [width, inner], [width, padded]);
        Add(gguf + "ffn_down.bias", TensorRole.Exact, source + "mlp.fc2.bias", width);
    }

    private void Linear(string gguf, string source, long rows, long columns)
    {
        Add(gguf + ".weight", TensorRole.Matrix, source + ".weight", rows, columns);
        Add(gguf + ".bias", TensorRole.Exact, source + ".bias", rows);
    }

    private void Norm(string gguf, string source, long width)
    {
        Add(gguf + ".weight", TensorRole.Exact, source + ".weight", width);
        Add(gguf + ".bias", TensorRole.Exact, source + ".bias", width);
    }

    private void Padded(string gguf, TensorRole role, string source, long[] shape, long[] padded)
    {
        if (_set.Take(source, shape) is not { } tensor) return;
        _planned.Add(new PlannedTensor(gguf, role, shape.SequenceEqual(padded) ? tensor : new PaddedTensor(tensor, padded)));
    }

    private void Add(string gguf, TensorRole role, string source, params long[] shape)
    {
        if (_set.Take(source, shape) is { } tensor) _planned.Add(new PlannedTensor(gguf, role, tensor));
    }
}
