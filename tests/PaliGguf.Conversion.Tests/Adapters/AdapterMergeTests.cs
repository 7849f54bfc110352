using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Adapters;

/// <summary>What <c>convert --adapter</c> writes is the checkpoint's matrix plus scale * B A, worked out here in double precision.</summary>
public sealed class AdapterMergeTests
{
    private const string Text = "language_model.model.layers.";
    private const string Vision = "vision_tower.vision_model.";
    private const string Projector = "multi_modal_projector.linear.weight";

    public static TheoryData<string, bool, bool, string, int> Combinations()
    {
        TheoryData<string, bool, bool, string, int> combinations = [];
        foreach (string checkpoint in new[] { CheckpointFolder.Gemma, CheckpointFolder.Gemma2 })
        {
            foreach ((bool newerCheckpoint, bool newerAdapter) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                foreach ((string type, int shards) in new[] { ("F32", 1), ("F16", 3), ("BF16", 2) })
                {
                    combinations.Add(Path.GetRelativePath(Repository.Root, checkpoint), newerCheckpoint, newerAdapter, type, shards);
                }
            }
        }

        return combinations;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task Names_types_and_shards_combine(string checkpoint, bool newerCheckpoint, bool newerAdapter, string type, int shards)
    {
        string original = Path.Combine(Repository.Root, checkpoint);
        using CheckpointFolder source = CheckpointFolder.Copy(original);
        if (newerCheckpoint) source.Rename(PeftFolder.Renamed);
        source.SaveShards(shards);
        using PeftFolder adapter = new(original);
        adapter.Adapt(Text, 8).Adapt(Vision + "encoder.layers.", 4).Adapt(Vision + "embeddings.patch", 4).Adapt(Projector, 4);
        adapter.Config["rank_pattern"] = new JsonObject { [@"encoder\.layers\.\d+\..*"] = 4, ["patch_embedding"] = 4, ["linear"] = 4 };
        adapter.Save(type);
        double Scale(string name) => name.StartsWith(Text, StringComparison.Ordinal) ? 2 : 4;
        Dictionary<string, double[]> updates = Updated(original).ToDictionary(name => name, name => adapter.Update(name, Scale(name)), StringComparer.Ordinal);
        if (newerAdapter) adapter.RenameToNewer().Save(type);

        ConversionResult result = await Convert(source, new AdapterSource(adapter.Path));

        Check(original, result, updates);
        Assert.True(updates[Projector].Any(value => value != 0) && updates[Vision + "embeddings.patch_embedding.weight"].Any(value => value != 0));
    }

    [Fact]
    public async Task Ranks_alphas_and_the_rank_stabilized_scale_are_those_of_each_module()
    {
        using CheckpointFolder source = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveSingle();
        using PeftFolder adapter = new(CheckpointFolder.Gemma2);
        adapter.Adapt("q_proj.weight", 4).Adapt("mlp.up_proj", 16).Adapt("layers.1.self_attn.v_proj", 2);
        adapter.Config["use_rslora"] = true;
        adapter.Config["rank_pattern"] = new JsonObject { ["q_proj"] = 4, ["up_proj"] = 16, ["layers.1.self_attn.v_proj"] = 2 };
        adapter.Config["alpha_pattern"] = new JsonObject { ["layers.1.self_attn.q_proj"] = 3, [".*up_proj"] = 1 };
        adapter.Save();

        ConversionResult result = await Convert(source, new AdapterSource(adapter.Path));

        Check(CheckpointFolder.Gemma2, result, Updated(CheckpointFolder.Gemma2).ToDictionary(name => name, name => adapter.Update(
            name,
            name.Contains("up_proj", StringComparison.Ordinal) ? 1 / Math.Sqrt(16)
                : name.Contains("v_proj", StringComparison.Ordinal) ? 16 / Math.Sqrt(2)
                : name.Contains("layers.1.self_attn.q_proj", StringComparison.Ordinal) ? 3 / Math.Sqrt(4)
                : 16 / Math.Sqrt(4)), StringComparer.Ordinal));
    }

    [Fact]
    public async Task Several_adapters_add_up_each_with_its_weight()
    {
        using CheckpointFolder source = CheckpointFolder.Copy(CheckpointFolder.Gemma).SaveSingle();
        using PeftFolder first = PeftFolder.ForText(CheckpointFolder.Gemma);
        using PeftFolder second = new PeftFolder(CheckpointFolder.Gemma, seed: 2).Adapt("q_proj", 8).Save();

        ConversionResult result = await Convert(source, new AdapterSource(first.Path, 0.5f), new AdapterSource(second.Path, -1.5f));

        Check(CheckpointFolder.Gemma, result, Updated(CheckpointFolder.Gemma).ToDictionary(
            name => name, name => first.Update(name, 2 * 0.5).Zip(second.Update(name, 2 * -1.5), (a, b) => a + b).ToArray(), StringComparer.Ordinal));
    }

    [Fact]
    public async Task Saved_modules_and_biases_take_the_place_of_the_checkpoints()
    {
        const string Bias = Vision + "encoder.layers.0.self_attn.q_proj.bias";
        using CheckpointFolder source = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveSingle();
        using PeftFolder adapter = new(CheckpointFolder.Gemma2);
        adapter.Add("base_model.model." + Projector, 256, 144).Add("base_model.model.multi_modal_projector.linear.bias", 256);
        adapter.Add("base_model.model." + Bias.Replace(".bias", ".base_layer.bias", StringComparison.Ordinal), 144);
        adapter.Config["modules_to_save"] = new JsonArray("multi_modal_projector");
        adapter.Save();

        RawGguf vision = RawGguf.Read((await Convert(source, new AdapterSource(adapter.Path))).VisionPath);

        Assert.Equal(adapter.Tensors["base_model.model." + Projector].Values, Floats(vision, "mm.0.weight"));
        Assert.Equal(adapter.Tensors["base_model.model.multi_modal_projector.linear.bias"].Values, Floats(vision, "mm.0.bias"));
        Assert.Equal(adapter.Tensors["base_model.model.vision_tower.vision_model.encoder.layers.0.self_attn.q_proj.base_layer.bias"].Values, Floats(vision, "v.blk.0.attn_q.bias"));
    }

    [Fact]
    public async Task A_saved_module_of_which_nothing_is_there_is_a_warning()
    {
        using CheckpointFolder source = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveSingle();
        using PeftFolder adapter = PeftFolder.ForText(CheckpointFolder.Gemma2);
        adapter.Config["modules_to_save"] = new JsonArray("multi_modal_projector", "embed_tokens");
        adapter.Save();

        string warning = Assert.Single((await Convert(source, new AdapterSource(adapter.Path))).Warnings);

        Assert.EndsWith("adapter_model.safetensors: nothing of multi_modal_projector, embed_tokens is in it, which modules_to_save names: "
            + "the model's "
            + "own stay", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    public async Task A_saved_embedding_is_the_output_matrix_too(bool ties, bool savesHead, bool checkpointHasHead)
    {
        const string Embedding = "language_model.model.embed_tokens.weight";
        using CheckpointFolder source = CheckpointFolder.Copy(CheckpointFolder.Gemma2);
        if (checkpointHasHead) source.Tensors.Add("language_model.lm_head.weight", source.Tensors[Embedding]);
        source.SaveSingle();
        using PeftFolder adapter = new PeftFolder(CheckpointFolder.Gemma2).Add("base_model.model." + Embedding, 2112, 256);
        if (savesHead) adapter.Tensors.Add("base_model.model.language_model.lm_head.weight", adapter.Tensors["base_model.model." + Embedding]);
        adapter.Config["modules_to_save"] = new JsonArray("embed_tokens");
        adapter.Config["ensure_weight_tying"] = ties;
        adapter.Save();

        RawGguf text = RawGguf.Read((await Convert(source, new AdapterSource(adapter.Path))).TextPath);

        Assert.Equal(adapter.Tensors["base_model.model." + Embedding].Values, Floats(text, "token_embd.weight"));
    }

    [Fact]
    public async Task A_quantized_file_is_that_of_the_merged_matrices()
    {
        using CheckpointFolder source = CheckpointFolder.Copy(CheckpointFolder.Gemma).SaveSingle();
        using CheckpointFolder merged = CheckpointFolder.Copy(CheckpointFolder.Gemma);
        using PeftFolder adapter = PeftFolder.ForText(CheckpointFolder.Gemma);
        ConversionResult exact = await Convert(source, new AdapterSource(adapter.Path));
        RawGguf text = RawGguf.Read(exact.TextPath);
        const string Query = Text + "1.self_attn.q_proj.weight";
        merged.Tensors[Query] = merged.Tensors[Query] with { Data = text.Tensors["blk.1.attn_q.weight"].Data };
        merged.SaveSingle();

        ConversionOptions options = new() { Source = source.Path, OutputFolder = source.Output, Type = ModelFileType.Q8_0, Adapters = [new AdapterSource(adapter.Path)] };
        RawGguf quantized = RawGguf.Read((await CheckpointConverter.ConvertAsync(options)).TextPath);
        RawGguf expected = RawGguf.Read((await CheckpointConverter.ConvertAsync(new ConversionOptions { Source = merged.Path, OutputFolder = merged.Output })).TextPath);

        Assert.Equal(expected.Tensors["blk.1.attn_q.weight"].Data, quantized.Tensors["blk.1.attn_q.weight"].Data);
    }

    /// <summary>The matrices of a checkpoint that an adapter may touch.</summary>
    private static IEnumerable<string> Updated(string checkpoint) => Source(checkpoint).Where(pair => pair.Value.Shape.Length is 2 or 4).Select(pair => pair.Key);

    private static void Check(string checkpoint, ConversionResult result, Dictionary<string, double[]> updates)
    {
        RawGguf text = RawGguf.Read(result.TextPath);
        RawGguf vision = RawGguf.Read(result.VisionPath);
        int touched = 0;
        foreach ((string name, RawTensor tensor) in Source(checkpoint).Where(pair => updates.ContainsKey(pair.Key)))
        {
            float[] original = ExpectedTensors.Floats(tensor);
            double[] update = updates[name];
            float[] merged = Merged(name, tensor.Shape, text, vision);
            double largest = update.Max(Math.Abs);
            if (largest > 0) touched++;
            for (int i = 0; i < original.Length; i++)
            {
                double expected = original[i] + update[i];
                // A rounding of the sum, and some of the products.
                double tolerance = (Math.Abs(expected) * 6e-8) + (largest * 4e-7);
                if (Math.Abs(merged[i] - expected) > tolerance) Assert.Fail($"{name}: element {i} is {merged[i]}, not {expected}");
            }
        }

        Assert.True(touched > 0);
    }

    private static float[] Merged(string name, long[] shape, RawGguf text, RawGguf vision)
    {
        string gguf = ExpectedTensors.GgufName(name);
        float[] values = Floats(name.StartsWith("language_model", StringComparison.Ordinal) ? text : vision, gguf);
        if (name.Contains(".fc2.", StringComparison.Ordinal)) values = [.. values.Chunk(values.Length / (int)shape[0]).SelectMany(row => row.Take((int)shape[1]))];
        return values;
    }

    private static float[] Floats(RawGguf file, string name)
    {
        Assert.Equal(GgmlType.F32, file.Tensors[name].Type);
        return MemoryMarshal.Cast<byte, float>(file.Tensors[name].Data).ToArray();
    }

    private static Dictionary<string, RawTensor> Source(string checkpoint) =>
        Directory.EnumerateFiles(checkpoint, "*.safetensors").SelectMany(RawSafetensors.Read).ToDictionary(StringComparer.Ordinal);

    private static Task<ConversionResult> Convert(CheckpointFolder source, params AdapterSource[] adapters) =>
        CheckpointConverter.ConvertAsync(new ConversionOptions { Source = source.Path, OutputFolder = source.Output, Type = ModelFileType.F32, Adapters = adapters });
}
