using System.Text.Json.Nodes;
using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Output;
using PaliGguf.Conversion.Quantization;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests;

/// <summary>PaliGemma 2 28B at 224 pixels: 56 GB of tensors in bfloat16, of which the files have the headers and holes for the rest.</summary>
public sealed class LargestModelTests : IDisposable
{
    private const int Layers = 46;
    private const long Width = 4608;
    private const long Inner = 36864;
    private const long Rows = 257216;
    private const long Tower = 1152;
    private const long TowerInner = 4304;
    private readonly TemporaryFolder _folder = new();

    public LargestModelTests()
    {
        (string Name, long[] Shape)[] tensors = [.. Tensors()];
        JsonObject map = [];
        (string Name, long[] Shape)[][] shards = [.. tensors.Chunk(80)];
        foreach ((int i, (string Name, long[] Shape)[] shard) in shards.Index())
        {
            string name = $"model-{i + 1:D5}-of-{shards.Length:D5}.safetensors";
            WriteHoles(_folder.File(name), shard);
            foreach ((string tensor, _) in shard) map[tensor] = name;
        }

        File.WriteAllText(_folder.File("model.safetensors.index.json"), new JsonObject { ["weight_map"] = map }.ToJsonString());
        File.WriteAllText(_folder.File("config.json"), """
            {
              "model_type": "paligemma", "image_token_index": 257152, "projection_dim": 4608, "vocab_size": 257152, "hidden_size": 2048,
              "text_config": {
                "model_type": "gemma2", "vocab_size": 257216, "hidden_size": 4608, "intermediate_size": 36864, "num_hidden_layers": 46, "num_attention_heads": 32,
                "num_key_value_heads": 16, "head_dim": 128, "query_pre_attn_scalar": 144, "hidden_activation": "gelu_pytorch_tanh", "num_image_tokens": 256
              },
              "vision_config": {
                "model_type": "siglip_vision_model", "hidden_size": 1152, "intermediate_size": 4304, "num_hidden_layers": 27, "num_attention_heads": 16, "patch_size": 14,
                "num_positions": 256, "projection_dim": 4608, "vision_use_head": false
              }
            }
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_planned_by_its_headers()
    {
        using HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.Open(_folder.Path);
        (IReadOnlyList<PlannedTensor> text, IReadOnlyList<PlannedTensor> vision) = Plan(checkpoint);

        Assert.Equal(2 + (Layers * 11), text.Count);
        Assert.Equal(3 + (27 * 16) + 4, vision.Count);
        Assert.Equal([4608L, 4096], text.Single(tensor => tensor.Name == "blk.45.attn_output.weight").Source.Shape);
        long decoder = (Rows * Width) + (Layers * ((2 * Width * 4096) + (2 * Width * 2048) + (3 * Width * Inner)));
        long norms = (1 + (Layers * 4)) * Width;
        Assert.Equal((decoder * 2) + (norms * 4), TextBytes(text, ModelFileType.F16));
        Assert.Equal((decoder / 32 * 34) + (norms * 4), TextBytes(text, ModelFileType.Q8_0));
        long tower = (588 * Tower) + (27 * ((4 * Tower * Tower) + (2 * Tower * 4320))) + (Tower * Width);
        long vectors = Tower + (256 * Tower) + (27 * ((9 * Tower) + 4320)) + (2 * Tower) + Width;
        Assert.Equal((tower * 2) + (vectors * 4), new GgufPlan(vision, new VisionRecipe(ModelFileType.F16), TensorImportance.Even).TensorBytes);
    }

    [Fact]
    public void Its_largest_tensor_passes_through_little_memory()
    {
        using HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.Open(_folder.Path);
        PlannedTensor embedding = Plan(checkpoint).Text.MaxBy(tensor => tensor.Source.Count)!;
        Assert.Equal(("token_embd.weight", Rows * Width), (embedding.Name, embedding.Source.Count));

        // The last quarter of it, which begins beyond the elements that 31 bits count in bytes.
        long rows = Rows / 4;
        PlannedTensor quarter = embedding with { Source = new SlicedTensor(embedding.Source, (Rows - rows) * Width, rows, Width) };
        long before = GC.GetAllocatedBytesForCurrentThread();
        long written = 0;
        new TensorWriter(bytes => written += bytes, workers: 1).Write(quarter, GgmlType.Q8_0, default, Stream.Null, CancellationToken.None);
        Assert.Equal(rows * Width / 32 * 34, written);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    private static long TextBytes(IReadOnlyList<PlannedTensor> tensors, ModelFileType type) =>
        new GgufPlan(tensors, new TextRecipe(type, Layers, queriesPerValue: 2), TensorImportance.Even).TensorBytes;

    private (IReadOnlyList<PlannedTensor> Text, IReadOnlyList<PlannedTensor> Vision) Plan(HuggingFaceCheckpoint checkpoint)
    {
        CheckpointConfig config = CheckpointConfig.Read(_folder.Path, new ConversionWarnings());
        TensorSet set = new(checkpoint, TensorNames.Of(checkpoint.Tensors.Keys));
        IReadOnlyList<PlannedTensor> text = TextTensors.Plan(set, config.Text);
        IReadOnlyList<PlannedTensor> vision = VisionTensors.Plan(set, config.Vision, config.Text.HiddenSize);
        set.Complete();
        return (text, vision);
    }

    private static IEnumerable<(string Name, long[] Shape)> Tensors()
    {
        yield return ("language_model.model.embed_tokens.weight", [Rows, Width]);
        yield return ("language_model.model.norm.weight", [Width]);
        for (int layer = 0; layer < Layers; layer++)
        {
            string name = $"language_model.model.layers.{layer}.";
            foreach (string norm in new[] { "input", "post_attention", "pre_feedforward", "post_feedforward" }) yield return ($"{name}{norm}_layernorm.weight", [Width]);
            yield return (name + "self_attn.q_proj.weight", [4096, Width]);
            yield return (name + "self_attn.k_proj.weight", [2048, Width]);
            yield return (name + "self_attn.v_proj.weight", [2048, Width]);
            yield return (name + "self_attn.o_proj.weight", [Width, 4096]);
            yield return (name + "mlp.gate_proj.weight", [Inner, Width]);
            yield return (name + "mlp.up_proj.weight", [Inner, Width]);
            yield return (name + "mlp.down_proj.weight", [Width, Inner]);
        }

        const string Vision = "vision_tower.vision_model.";
        yield return (Vision + "embeddings.patch_embedding.weight", [Tower, 3, 14, 14]);
        yield return (Vision + "embeddings.patch_embedding.bias", [Tower]);
        yield return (Vision + "embeddings.position_embedding.weight", [256, Tower]);
        yield return (Vision + "post_layernorm.weight", [Tower]);
        yield return (Vision + "post_layernorm.bias", [Tower]);
        yield return ("multi_modal_projector.linear.weight", [Width, Tower]);
        yield return ("multi_modal_projector.linear.bias", [Width]);
        for (int layer = 0; layer < 27; layer++)
        {
            string name = $"{Vision}encoder.layers.{layer}.";
            foreach (string part in new[] { "layer_norm1", "layer_norm2" })
            {
                yield return ($"{name}{part}.weight", [Tower]);
                yield return ($"{name}{part}.bias", [Tower]);
            }

            foreach (string part in new[] { "q_proj", "k_proj", "v_proj", "out_proj" })
            {
                yield return ($"{name}self_attn.{part}.weight", [Tower, Tower]);
                yield return ($"{name}self_attn.{part}.bias", [Tower]);
            }

            yield return (name + "mlp.fc1.weight", [TowerInner, Tower]);
            yield return (name + "mlp.fc1.bias", [TowerInner]);
            yield return (name + "mlp.fc2.weight", [Tower, TowerInner]);
            yield return (name + "mlp.fc2.bias", [Tower]);
        }
    }

    private static void WriteHoles(string path, (string Name, long[] Shape)[] tensors)
    {
        JsonObject header = [];
        long end = 0;
        foreach ((string name, long[] shape) in tensors)
        {
            long begin = end;
            end += shape.Aggregate(2L, (product, size) => product * size);
            header[name] = RawSafetensors.Entry("BF16", shape, begin, end);
        }

        using FileStream stream = File.Create(path);
        stream.Write(RawSafetensors.Join(header.ToJsonString(), []));
        stream.SetLength(stream.Length + end);
    }
}
