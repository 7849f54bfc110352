using System.Runtime.InteropServices;

namespace PaliGguf.Conversion.Tests;

/// <summary>What a converted pair must hold, worked out from the checkpoint tensor by tensor in the plainest way.</summary>
internal static class ExpectedTensors
{
    private static readonly (string Source, string Gguf, float Plus)[] TextNames =
    [
        ("embed_tokens.weight", "token_embd.weight", 0), ("norm.weight", "output_norm.weight", 1),
        (".input_layernorm.weight", ".attn_norm.weight", 1), (".self_attn.q_proj.weight", ".attn_q.weight", 0),
        (".self_attn.k_proj.weight", ".attn_k.weight", 0), (".self_attn.v_proj.weight", ".attn_v.weight", 0),
        (".self_attn.o_proj.weight", ".attn_output.weight", 0), (".mlp.gate_proj.weight", ".ffn_gate.weight", 0),
        (".mlp.up_proj.weight", ".ffn_up.weight", 0), (".mlp.down_proj.weight", ".ffn_down.weight", 0),
        (".post_feedforward_layernorm.weight", ".post_ffw_norm.weight", 1), (".pre_feedforward_layernorm.weight", ".ffn_norm.weight", 1),
    ];

    private static readonly (string Source, string Gguf)[] VisionNames =
    [
        ("vision_tower.vision_model.embeddings.patch_embedding.", "v.patch_embd."), ("vision_tower.vision_model.embeddings.position_embedding.", "v.position_embd."),
        ("vision_tower.vision_model.post_layernorm.", "v.post_ln."), ("multi_modal_projector.linear.", "mm.0."),
        ("vision_tower.vision_model.encoder.layers.", "v.blk."), (".layer_norm1.", ".ln1."), (".layer_norm2.", ".ln2."), (".self_attn.q_proj.", ".attn_q."),
        (".self_attn.k_proj.", ".attn_k."), (".self_attn.v_proj.", ".attn_v."), (".self_attn.out_proj.", ".attn_out."), (".mlp.fc1.", ".ffn_up."), (".mlp.fc2.", ".ffn_down."),
    ];

    public static void Check(string folder, ModelFileType fileType, RawGguf text, RawGguf vision)
    {
        Dictionary<string, RawTensor> source = Directory.EnumerateFiles(folder, "*.safetensors").SelectMany(RawSafetensors.Read).ToDictionary(StringComparer.Ordinal);
        Assert.Equal(source.Count, text.Tensors.Count + vision.Tensors.Keys.Count(name => !name.StartsWith("mask.", StringComparison.Ordinal)));
        bool second = Equals(text.Metadata["general.architecture"], "gemma2");
        foreach ((string name, RawTensor tensor) in source)
        {
            const string TextPrefix = "language_model.model.";
            if (name.StartsWith(TextPrefix, StringComparison.Ordinal)) CheckText(name[TextPrefix.Length..], tensor, second, fileType, text);
            else CheckVision(name, tensor, fileType, vision);
        }
    }

    private static void CheckText(string name, RawTensor tensor, bool second, ModelFileType fileType, RawGguf text)
    {
        const string PostAttention = ".post_attention_layernorm.weight";
        (string Source, string Gguf, float Plus) rule = name.EndsWith(PostAttention, StringComparison.Ordinal)
            ? (PostAttention, second ? ".post_attention_norm.weight" : ".ffn_norm.weight", 1)
            : TextNames.Single(rule => rule.Source.StartsWith('.') ? name.EndsWith(rule.Source, StringComparison.Ordinal) : name == rule.Source);
        string gguf = name.Replace(rule.Source, rule.Gguf, StringComparison.Ordinal).Replace("layers.", "blk.", StringComparison.Ordinal);
        float[] values = Floats(tensor).Select(value => value + rule.Plus).ToArray();
        Compare(gguf, tensor.Shape, values, fileType, text);
    }

    private static void CheckVision(string name, RawTensor tensor, ModelFileType fileType, RawGguf vision)
    {
        string gguf = VisionNames.Aggregate(name, (current, rule) => current.Replace(rule.Source, rule.Gguf, StringComparison.Ordinal));
        float[] values = Floats(tensor);
        long[] shape = tensor.Shape;
        if (name.Contains(".mlp.fc1.", StringComparison.Ordinal))
        {
            shape = [Padded(shape[0]), .. shape[1..]];
            Array.Resize(ref values, (int)shape.Aggregate(1L, (product, size) => product * size));
        }
        else if (name.Contains(".mlp.fc2.weight", StringComparison.Ordinal))
        {
            shape = [shape[0], Padded(shape[1])];
            values = values.Chunk((int)tensor.Shape[1]).SelectMany(row => row.Concat(new float[shape[1] - row.Length])).ToArray();
        }

        Compare(gguf, shape, values, fileType, vision);
    }

    private static long Padded(long size) => (size + 31) / 32 * 32;

    private static void Compare(string name, long[] shape, float[] expected, ModelFileType fileType, RawGguf file)
    {
        Assert.True(file.Tensors.TryGetValue(name, out (GgmlType Type, long[] Shape, byte[] Data) tensor), name);
        Assert.Equal(shape.Reverse(), tensor.Shape);
        bool vector = shape.Length == 1 || name == "v.position_embd.weight";
        bool patch = name == "v.patch_embd.weight";
        GgmlType type = fileType switch
        {
            _ when vector => GgmlType.F32,
            ModelFileType.F32 => GgmlType.F32,
            ModelFileType.BF16 => patch ? GgmlType.F32 : GgmlType.BF16,
            ModelFileType.Q8_0 when !patch && shape[^1] % 32 == 0 => GgmlType.Q8_0,
            _ => GgmlType.F16,
        };
        Assert.Equal((name, type), (name, tensor.Type));
        if (type == GgmlType.Q8_0)
        {
            CompareBlocks(name, expected, tensor.Data);
            return;
        }

        byte[] stored = type switch
        {
            GgmlType.F32 => RawSafetensors.Bytes(expected),
            GgmlType.F16 => MemoryMarshal.AsBytes(expected.Select(value => (Half)value).ToArray().AsSpan()).ToArray(),
            _ => MemoryMarshal.AsBytes(expected.Select(NearestBfloat16).ToArray().AsSpan()).ToArray(),
        };
        Assert.True(stored.AsSpan().SequenceEqual(tensor.Data), name);
    }

    private static void CompareBlocks(string name, float[] expected, byte[] data)
    {
        for (int block = 0; block < expected.Length / 32; block++)
        {
            float step = expected.AsSpan(block * 32, 32).ToArray().Max(MathF.Abs) / 127;
            float scale = (float)BitConverter.ToHalf(data, block * 34);
            for (int i = 0; i < 32; i++)
            {
                float value = scale * (sbyte)data[(block * 34) + 2 + i];
                if (MathF.Abs(value - expected[(block * 32) + i]) > (step * 0.57f) + 1e-6f) Assert.Fail($"{name}: element {(block * 32) + i} is {value}, not {expected[(block * 32) + i]}");
            }
        }
    }

    /// <summary>The name that a matrix of a checkpoint of the older generation has in GGUF.</summary>
    public static string GgufName(string name) => name.StartsWith("language_model.model.", StringComparison.Ordinal)
        ? TextNames.Aggregate(name["language_model.model.".Length..], (current, rule) => current.Replace(rule.Source, rule.Gguf, StringComparison.Ordinal)).Replace("layers.", "blk.", StringComparison.Ordinal)
        : VisionNames.Aggregate(name, (current, rule) => current.Replace(rule.Source, rule.Gguf, StringComparison.Ordinal));

    public static float[] Floats(RawTensor tensor) => tensor.Type switch
    {
        "F32" => MemoryMarshal.Cast<byte, float>(tensor.Data).ToArray(),
        "BF16" => MemoryMarshal.Cast<byte, ushort>(tensor.Data).ToArray().Select(bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)).ToArray(),
        "F16" => MemoryMarshal.Cast<byte, Half>(tensor.Data).ToArray().Select(value => (float)value).ToArray(),
        _ => throw new InvalidDataException(tensor.Type),
    };

    private static ushort NearestBfloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        uint rest = bits & 0xFFFF;
        uint below = bits >> 16;
        return (ushort)(rest > 0x8000 || (rest == 0x8000 && (below & 1) == 1) ? below + 1 : below);
    }
}
