using System.Globalization;
using System.Runtime.InteropServices;

namespace PaliGguf.Conversion.Tests;

/// <summary>
/// One of the small checkpoints as big_vision would have saved it, worked out index by index: the way back from what transformers' converters do.
/// </summary>
internal sealed class BigVisionArrays
{
    private readonly CheckpointFolder _checkpoint;
    private readonly bool _stacked;
    private readonly Dictionary<string, List<(long[] Shape, float[] Values)>> _layers = new(StringComparer.Ordinal);

    private BigVisionArrays(CheckpointFolder checkpoint, bool stacked)
    {
        _checkpoint = checkpoint;
        _stacked = stacked;
    }

    public Dictionary<string, (long[] Shape, float[] Values)> Arrays { get; } = new(StringComparer.Ordinal);

    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="stacked">Whether all layers share arrays, as with big_vision's scan.</param>
    /// <param name="headSize">Of the decoder.</param>
    public static BigVisionArrays Of(CheckpointFolder checkpoint, bool stacked, int headSize = 64)
    {
        BigVisionArrays arrays = new(checkpoint, stacked);
        arrays.AddDecoder(headSize);
        arrays.AddTower(heads: 2);
        foreach ((string name, List<(long[] Shape, float[] Values)> layers) in arrays._layers)
        {
            arrays.Arrays.Add(name, ([layers.Count, .. layers[0].Shape], [.. layers.SelectMany(layer => layer.Values)]));
        }

        return arrays;
    }

    /// <summary>The arrays as files of an archive.</summary>
    /// <param name="type">NumPy's name of the element type.</param>
    /// <param name="prefix">What all names begin with.</param>
    public IEnumerable<(string Name, byte[] Content)> Files(string type = "<f4", string prefix = "params/") =>
        Arrays.Select(array => ($"{prefix}{array.Key}.npy", RawNpz.Array(type, Store(type, array.Value.Values), array.Value.Shape)));

    private static byte[] Store(string type, float[] values) => type switch
    {
        "<f4" => MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
        "<f8" => MemoryMarshal.AsBytes(values.Select(value => (double)value).ToArray().AsSpan()).ToArray(),
        "<f2" => MemoryMarshal.AsBytes(values.Select(value => (Half)value).ToArray().AsSpan()).ToArray(),
        _ => MemoryMarshal.AsBytes(values.Select(value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)).ToArray().AsSpan()).ToArray(),
    };

    private void AddDecoder(int headSize)
    {
        Add("llm/embedder/input_embedding", Take("language_model.model.embed_tokens.weight"));
        Add("llm/final_norm/scale", Take("language_model.model.norm.weight"));
        for (int layer = 0; Has($"language_model.model.layers.{layer}.input_layernorm.weight"); layer++)
        {
            string source = $"language_model.model.layers.{layer}.";
            string target = _stacked ? "llm/layers/" : $"llm/layers/{layer}/";
            AddLayer(target + "attn/q_einsum/w", Heads(Take(source + "self_attn.q_proj.weight"), headSize));
            AddLayer(target + "attn/kv_einsum/w", Pair(Heads(Take(source + "self_attn.k_proj.weight"), headSize), Heads(Take(source + "self_attn.v_proj.weight"), headSize)));
            (long[] Shape, float[] Values) output = Transposed(Take(source + "self_attn.o_proj.weight"));
            AddLayer(target + "attn/attn_vec_einsum/w", ([output.Shape[0] / headSize, headSize, output.Shape[1]], output.Values));
            AddLayer(target + "mlp/gating_einsum", Pair(Transposed(Take(source + "mlp.gate_proj.weight")), Transposed(Take(source + "mlp.up_proj.weight"))));
            AddLayer(target + "mlp/linear", Transposed(Take(source + "mlp.down_proj.weight")));
            AddLayer(target + "pre_attention_norm/scale", Take(source + "input_layernorm.weight"));
            bool second = Has(source + "pre_feedforward_layernorm.weight");
            AddLayer(target + (second ? "post_attention_norm/scale" : "pre_ffw_norm/scale"), Take(source + "post_attention_layernorm.weight"));
            if (!second) continue;
            AddLayer(target + "pre_ffw_norm/scale", Take(source + "pre_feedforward_layernorm.weight"));
            AddLayer(target + "post_ffw_norm/scale", Take(source + "post_feedforward_layernorm.weight"));
        }
    }

    private void AddTower(int heads)
    {
        const string Tower = "vision_tower.vision_model.";
        (long[] shape, float[] values) = Take(Tower + "embeddings.patch_embedding.weight");
        (long width, long side) = (shape[0], shape[2]);
        float[] kernel = new float[values.Length];
        for (int o = 0; o < width; o++)
        {
            for (int c = 0; c < 3; c++)
            {
                for (int y = 0; y < side; y++)
                {
                    for (int x = 0; x < side; x++) kernel[(((((y * side) + x) * 3) + c) * width) + o] = values[(((((o * 3) + c) * side) + y) * side) + x];
                }
            }
        }

        Add("img/embedding/kernel", ([side, side, 3, width], kernel));
        Add("img/embedding/bias", Take(Tower + "embeddings.patch_embedding.bias"));
        (long[] Shape, float[] Values) positions = Take(Tower + "embeddings.position_embedding.weight");
        Add("img/pos_embedding", ([1, .. positions.Shape], positions.Values));
        Add("img/Transformer/encoder_norm/scale", Take(Tower + "post_layernorm.weight"));
        Add("img/Transformer/encoder_norm/bias", Take(Tower + "post_layernorm.bias"));
        Add("img/head/kernel", Transposed(Take("multi_modal_projector.linear.weight")));
        Add("img/head/bias", Take("multi_modal_projector.linear.bias"));
        for (int layer = 0; Has($"{Tower}encoder.layers.{layer}.layer_norm1.weight"); layer++)
        {
            string source = $"{Tower}encoder.layers.{layer}.";
            string target = _stacked ? "img/Transformer/encoderblock/" : string.Create(CultureInfo.InvariantCulture, $"img/Transformer/encoderblock_{layer}/");
            foreach ((string norm, string name) in new[] { ("layer_norm1", "LayerNorm_0"), ("layer_norm2", "LayerNorm_1") })
            {
                AddLayer($"{target}{name}/scale", Take($"{source}{norm}.weight"));
                AddLayer($"{target}{name}/bias", Take($"{source}{norm}.bias"));
            }

            foreach ((string product, string name) in new[] { ("q_proj", "query"), ("k_proj", "key"), ("v_proj", "value") })
            {
                AddLayer($"{target}MultiHeadDotProductAttention_0/{name}/kernel", ([width, heads, width / heads], Transposed(Take($"{source}self_attn.{product}.weight")).Values));
                AddLayer($"{target}MultiHeadDotProductAttention_0/{name}/bias", ([heads, width / heads], Take($"{source}self_attn.{product}.bias").Values));
            }

            AddLayer($"{target}MultiHeadDotProductAttention_0/out/kernel", ([heads, width / heads, width], Transposed(Take(source + "self_attn.out_proj.weight")).Values));
            AddLayer($"{target}MultiHeadDotProductAttention_0/out/bias", Take(source + "self_attn.out_proj.bias"));
            foreach ((string product, string name) in new[] { ("fc1", "Dense_0"), ("fc2", "Dense_1") })
            {
                AddLayer($"{target}MlpBlock_0/{name}/kernel", Transposed(Take($"{source}mlp.{product}.weight")));
                AddLayer($"{target}MlpBlock_0/{name}/bias", Take($"{source}mlp.{product}.bias"));
            }
        }
    }

    private bool Has(string name) => _checkpoint.Tensors.ContainsKey(name);

    private (long[] Shape, float[] Values) Take(string name)
    {
        RawTensor tensor = _checkpoint.Tensors[name];
        return (tensor.Shape, ExpectedTensors.Floats(tensor));
    }

    private void Add(string name, (long[] Shape, float[] Values) array) => Arrays.Add(name, array);

    private void AddLayer(string name, (long[] Shape, float[] Values) array)
    {
        if (!_stacked) Add(name, array);
        else if (_layers.TryGetValue(name, out List<(long[] Shape, float[] Values)>? layers)) layers.Add(array);
        else _layers.Add(name, [array]);
    }

    private static (long[] Shape, float[] Values) Transposed((long[] Shape, float[] Values) matrix)
    {
        (long rows, long columns) = (matrix.Shape[0], matrix.Shape[1]);
        float[] values = new float[matrix.Values.Length];
        for (long row = 0; row < rows; row++)
        {
            for (long column = 0; column < columns; column++) values[(column * rows) + row] = matrix.Values[(row * columns) + column];
        }

        return ([columns, rows], values);
    }

    // [heads * head size, width] to [heads, width, head size].
    private static (long[] Shape, float[] Values) Heads((long[] Shape, float[] Values) matrix, int headSize)
    {
        (long rows, long width) = (matrix.Shape[0], matrix.Shape[1]);
        float[] values = new float[matrix.Values.Length];
        for (long row = 0; row < rows; row++)
        {
            (long head, long h) = Math.DivRem(row, headSize);
            for (long d = 0; d < width; d++) values[(((head * width) + d) * headSize) + h] = matrix.Values[(row * width) + d];
        }

        return ([rows / headSize, width, headSize], values);
    }

    private static (long[] Shape, float[] Values) Pair((long[] Shape, float[] Values) first, (long[] Shape, float[] Values) second) =>
        ([2, .. first.Shape], [.. first.Values, .. second.Values]);
}
