using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using PaliGguf.Gguf;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests;

public sealed class CheckpointConverterTests
{
    public static TheoryData<string, ModelFileType> Conversions()
    {
        TheoryData<string, ModelFileType> conversions = [];
        foreach (string checkpoint in new[] { nameof(CheckpointFolder.Gemma), nameof(CheckpointFolder.Gemma2), nameof(CheckpointFolder.PaliNano) })
        {
            foreach (ModelFileType type in new[] { ModelFileType.F32, ModelFileType.F16, ModelFileType.BF16, ModelFileType.Q8_0 }) conversions.Add(checkpoint, type);
        }

        return conversions;
    }

    [Theory]
    [MemberData(nameof(Conversions))]
    public async Task Every_tensor_is_that_of_the_checkpoint(string checkpoint, ModelFileType type)
    {
        using TemporaryFolder folder = new();
        string source = Checkpoint(checkpoint);

        ConversionResult result = await Convert(source, folder.Path, type, name: "some-model");

        Assert.Equal(folder.File($"some-model-{type}.gguf"), result.TextPath);
        Assert.Equal(folder.File($"mmproj-some-model-{type}.gguf"), result.VisionPath);
        Assert.Equal([result.VisionPath, result.TextPath], Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal));
        Assert.Equal(new FileInfo(result.TextPath).Length, result.TextBytes);
        Assert.Equal(new FileInfo(result.VisionPath).Length, result.VisionBytes);
        RawGguf text = RawGguf.Read(result.TextPath);
        RawGguf vision = RawGguf.Read(result.VisionPath);
        ExpectedTensors.Check(source, type, text, vision);
        IsReadAs(text, result.TextPath);
        IsReadAs(vision, result.VisionPath);
    }

    [Theory]
    [InlineData(ModelFileType.F32)]
    [InlineData(ModelFileType.BF16)]
    public async Task A_checkpoint_may_mix_types(ModelFileType type)
    {
        using CheckpointFolder mixed = CheckpointFolder.Copy(CheckpointFolder.Gemma2);
        foreach ((string name, RawTensor tensor) in mixed.Tensors.Where(pair => pair.Key.Contains("mlp", StringComparison.Ordinal)).ToArray())
        {
            Half[] values = ExpectedTensors.Floats(tensor).Select(value => (Half)value).ToArray();
            mixed.Tensors[name] = new RawTensor("F16", tensor.Shape, MemoryMarshal.AsBytes<Half>(values).ToArray());
        }

        ConversionResult result = await Convert(mixed.SaveShards(2).Path, mixed.Output, type);
        ExpectedTensors.Check(mixed.Path, type, RawGguf.Read(result.TextPath), RawGguf.Read(result.VisionPath));
    }

    [Fact]
    public async Task The_text_model_has_the_keys_of_its_architecture()
    {
        using TemporaryFolder folder = new();
        RawGguf text = RawGguf.Read((await Convert(CheckpointFolder.Gemma2, folder.Path, ModelFileType.Q8_0, name: "tiny")).TextPath);

        Dictionary<string, object> expected = new()
        {
            ["general.architecture"] = "gemma2",
            ["general.type"] = "model",
            ["general.name"] = "tiny",
            ["general.file_type"] = 7u,
            ["general.quantization_version"] = 2u,
            ["gemma2.context_length"] = 8192u,
            ["gemma2.embedding_length"] = 256u,
            ["gemma2.block_count"] = 3u,
            ["gemma2.feed_forward_length"] = 512u,
            ["gemma2.attention.head_count"] = 4u,
            ["gemma2.attention.head_count_kv"] = 2u,
            ["gemma2.attention.key_length"] = 64u,
            ["gemma2.attention.value_length"] = 64u,
            ["gemma2.attention.layer_norm_rms_epsilon"] = 1e-6f,
            ["gemma2.rope.freq_base"] = 10000f,
            ["gemma2.attn_logit_softcapping"] = 50f,
            ["gemma2.final_logit_softcapping"] = 30f,
            ["gemma2.attention.sliding_window"] = 8192u,
            ["tokenizer.ggml.model"] = "llama",
            ["tokenizer.ggml.pre"] = "default",
            ["tokenizer.ggml.bos_token_id"] = 2u,
            ["tokenizer.ggml.eos_token_id"] = 1u,
            ["tokenizer.ggml.unknown_token_id"] = 3u,
            ["tokenizer.ggml.padding_token_id"] = 0u,
            ["tokenizer.ggml.add_bos_token"] = true,
            ["tokenizer.ggml.add_eos_token"] = false,
            ["tokenizer.ggml.add_space_prefix"] = false,
        };
        string[] arrays = ["tokenizer.ggml.tokens", "tokenizer.ggml.scores", "tokenizer.ggml.token_type"];
        Assert.Equal(expected.Keys.Concat(arrays).Order(StringComparer.Ordinal), text.Metadata.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, pair => Assert.Equal(pair.Value, text.Metadata[pair.Key]));
        Assert.All(arrays, key => Assert.Equal(2112, ((object[])text.Metadata[key]).Length));
    }

    [Fact]
    public async Task The_vocabulary_is_spelled_for_the_library()
    {
        using TemporaryFolder folder = new();
        RawGguf text = RawGguf.Read((await Convert(CheckpointFolder.Gemma, folder.Path, ModelFileType.F16)).TextPath);

        object[] tokens = (object[])text.Metadata["tokenizer.ggml.tokens"];
        object[] types = (object[])text.Metadata["tokenizer.ggml.token_type"];
        object[] scores = (object[])text.Metadata["tokenizer.ggml.scores"];
        Assert.Equal(("<bos>", 3), (tokens[2], types[2]));
        Assert.Equal(("   ", 4), (tokens[8], types[8]));
        Assert.Equal(("<seg127>", 4), (tokens[2051], types[2051]));
        Assert.Equal(("<image>", 3, -1000f), (tokens[2052], types[2052], scores[2052]));
        Assert.Equal(("[PAD2053]", 5, -10000f), (tokens[2053], types[2053], scores[2053]));
        Assert.Equal("gemma", text.Metadata["general.architecture"]);
        Assert.Equal(1u, text.Metadata["general.file_type"]);
        Assert.DoesNotContain(text.Metadata.Keys, key => key.Contains("sliding", StringComparison.Ordinal) || key.Contains("quantization", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_vision_model_has_the_keys_of_a_projector_file()
    {
        using TemporaryFolder folder = new();
        RawGguf vision = RawGguf.Read((await Convert(CheckpointFolder.Gemma, folder.Path, ModelFileType.BF16, name: "tiny")).VisionPath);

        Dictionary<string, object> expected = new()
        {
            ["general.architecture"] = "clip",
            ["general.type"] = "mmproj",
            ["general.name"] = "tiny",
            ["general.file_type"] = 32u,
            ["clip.has_vision_encoder"] = true,
            ["clip.projector_type"] = "paligemma",
            ["clip.use_gelu"] = true,
            ["clip.vision.image_size"] = 224u,
            ["clip.vision.patch_size"] = 14u,
            ["clip.vision.embedding_length"] = 144u,
            ["clip.vision.feed_forward_length"] = 544u,
            ["clip.vision.projection_dim"] = 256u,
            ["clip.vision.block_count"] = 2u,
            ["clip.vision.attention.head_count"] = 2u,
            ["clip.vision.attention.layer_norm_epsilon"] = 1e-6f,
        };
        Assert.All(expected, pair => Assert.Equal(pair.Value, vision.Metadata[pair.Key]));
        Assert.Equal(new object[] { 0.5f, 0.5f, 0.5f }, vision.Metadata["clip.vision.image_mean"]);
        Assert.Equal(new object[] { 0.5f, 0.5f, 0.5f }, vision.Metadata["clip.vision.image_std"]);
        Assert.Equal(expected.Count + 2, vision.Metadata.Count);
    }

    [Fact]
    public async Task Names_of_the_new_generation_give_the_same_files()
    {
        using CheckpointFolder recent = CheckpointFolder.Copy(CheckpointFolder.Gemma2)
            .Rename(name => name.StartsWith("language_model.model.", StringComparison.Ordinal)
                ? "model.language_model." + name["language_model.model.".Length..]
                : "model." + name)
            .SaveSingle();
        await GivesTheSame(CheckpointFolder.Gemma2, recent);
    }

    [Fact]
    public async Task Shards_give_the_same_files_as_one()
    {
        using CheckpointFolder single = CheckpointFolder.Copy(CheckpointFolder.Gemma).SaveSingle();
        await GivesTheSame(CheckpointFolder.Gemma, single);
        using CheckpointFolder shards = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveShards(5);
        await GivesTheSame(CheckpointFolder.Gemma2, shards);
    }

    [Theory]
    [InlineData("lm_head.weight")]
    [InlineData("language_model.lm_head.weight")]
    public async Task An_output_matrix_that_is_the_embedding_changes_nothing(string name)
    {
        using CheckpointFolder tied = CheckpointFolder.Copy(CheckpointFolder.Gemma2);
        RawTensor embedding = tied.Tensors["language_model.model.embed_tokens.weight"];

        // Rows that are never answered with may differ, and do in published checkpoints.
        byte[] data = [.. embedding.Data];
        data.AsSpan((2052 * 256 * 2)..).Clear();
        tied.Tensors.Add(name, embedding with { Data = data });
        tied.Tensors.Add("vision_tower.vision_model.head.probe", new RawTensor("BF16", [1, 1, 144], new byte[288]));
        await GivesTheSame(CheckpointFolder.Gemma2, tied.SaveSingle());
    }

    [Fact]
    public async Task A_tokenizer_without_a_list_of_added_tokens_gives_the_same_files()
    {
        using CheckpointFolder recent = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveSingle();
        File.Delete(recent.In("added_tokens.json"));
        File.Delete(recent.In("tokenizer_config.json"));
        JsonObject token = new() { ["id"] = 2052, ["content"] = "<image>", ["special"] = true };
        File.WriteAllText(recent.In("tokenizer.json"), new JsonObject { ["added_tokens"] = new JsonArray(token) }.ToJsonString());
        await GivesTheSame(CheckpointFolder.Gemma2, recent);
    }

    [Fact]
    public async Task A_folder_whose_configuration_counts_tokens_and_not_rows_is_read()
    {
        using CheckpointFolder checkpoint = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveSingle().EditConfig(config => config["text_config"]!["vocab_size"] = 2052);
        ConversionResult result = await Convert(checkpoint.Path, checkpoint.Output, ModelFileType.Q8_0);
        Assert.Equal(2112, ((object[])RawGguf.Read(result.TextPath).Metadata["tokenizer.ggml.tokens"]).Length);
    }

    [Fact]
    public async Task A_tokenizer_may_lie_elsewhere()
    {
        using CheckpointFolder checkpoint = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveSingle();
        File.Delete(checkpoint.In("tokenizer.model"));
        ConversionResult result = await CheckpointConverter.ConvertAsync(new ConversionOptions
        {
            Source = checkpoint.Path,
            OutputFolder = checkpoint.Output,
            Type = ModelFileType.Q8_0,
            Tokenizer = Path.Combine(CheckpointFolder.Gemma2, "tokenizer.model"),
        });
        Assert.Equal("<image>", ((object[])RawGguf.Read(result.TextPath).Metadata["tokenizer.ggml.tokens"])[2052]);
    }

    [Theory]
    [InlineData(false, 8192u)]
    [InlineData(true, 64u)]
    public async Task The_sliding_window_is_the_context_unless_it_is_kept(bool keep, uint window)
    {
        using CheckpointFolder checkpoint = CheckpointFolder.Copy(CheckpointFolder.Gemma2).EditConfig(config => config["text_config"]!["sliding_window"] = 64).SaveSingle();
        ConversionOptions options = new() { Source = checkpoint.Path, OutputFolder = checkpoint.Output, Type = ModelFileType.F16, KeepSlidingWindow = keep };
        ConversionResult result = await CheckpointConverter.ConvertAsync(options);
        Assert.Equal(window, RawGguf.Read(result.TextPath).Metadata["gemma2.attention.sliding_window"]);
    }

    [Fact]
    public async Task The_name_is_that_of_the_folder()
    {
        using CheckpointFolder checkpoint = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveSingle();
        ConversionResult result = await Convert(checkpoint.Path + "/", checkpoint.Output, ModelFileType.Q8_0);
        Assert.Equal("model", result.Name);
        Assert.Equal(Path.Combine(checkpoint.Output, "model-Q8_0.gguf"), result.TextPath);
        Assert.Equal("model", RawGguf.Read(result.VisionPath).Metadata["general.name"]);
    }

    [Fact]
    public async Task Progress_goes_through_all_phases_and_ends_complete()
    {
        using TemporaryFolder folder = new();
        Recorder recorder = new();
        ConversionOptions options = new() { Source = CheckpointFolder.Gemma2, OutputFolder = folder.Path, Type = ModelFileType.F16 };

        ConversionResult result = await CheckpointConverter.ConvertAsync(options, recorder);

        Assert.Equal(Enum.GetValues<ConversionPhase>().Where(phase => phase != ConversionPhase.Arriving),
            recorder.Reports.Select(report => report.Phase).Distinct());
        Assert.Equal(recorder.Reports.Select(report => report.BytesDone).Order(), recorder.Reports.Select(report => report.BytesDone));
        ConversionProgress last = recorder.Reports[^1];
        Assert.Equal(last.BytesTotal, last.BytesDone);
        Assert.InRange(last.BytesTotal, 1, result.TextBytes + result.VisionBytes);
        Assert.Contains(recorder.Reports, report => report == new ConversionProgress(ConversionPhase.WritingVision, "mmproj-model-F16.gguf", report.BytesDone, last.BytesTotal));
    }

    [Fact]
    public async Task An_older_pair_of_the_same_name_is_replaced()
    {
        using TemporaryFolder folder = new();
        folder.Write("tiny-F16.gguf", "old"u8);
        folder.Write("mmproj-tiny-F16.gguf", "old"u8);
        ConversionResult result = await Convert(CheckpointFolder.Gemma2, folder.Path, ModelFileType.F16, name: "tiny");
        Assert.Equal("gemma2", RawGguf.Read(result.TextPath).Metadata["general.architecture"]);
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    // The library's own reader, which validates files wholly, sees the same.
    private static void IsReadAs(RawGguf raw, string path)
    {
        using GgufFile file = GgufFile.Open(path);
        Assert.Equal(raw.Metadata.Keys, file.Metadata.Keys);
        Assert.Equal(raw.Tensors.Keys, file.Tensors.Select(tensor => tensor.Name));
        foreach (GgufTensor tensor in file.Tensors)
        {
            (GgmlType type, long[] shape, byte[] data) = raw.Tensors[tensor.Name];
            Assert.Equal(type, tensor.Type);
            Assert.Equal(shape.Reverse().SkipWhile(size => size == 1).Reverse().DefaultIfEmpty(1), tensor.Shape);
            Assert.True(file.GetRows(tensor, 0, (int)tensor.RowCount).SequenceEqual(data), tensor.Name);
        }
    }

    private static string Checkpoint(string name) => name switch
    {
        nameof(CheckpointFolder.Gemma) => CheckpointFolder.Gemma,
        nameof(CheckpointFolder.Gemma2) => CheckpointFolder.Gemma2,
        _ => CheckpointFolder.PaliNano,
    };

    private static Task<ConversionResult> Convert(string source, string output, ModelFileType type, string? name = null) =>
        CheckpointConverter.ConvertAsync(new ConversionOptions { Source = source, OutputFolder = output, Type = type, Name = name });

    private static async Task GivesTheSame(string original, CheckpointFolder changed)
    {
        using TemporaryFolder folder = new();
        ConversionResult first = await Convert(original, folder.File("first"), ModelFileType.Q8_0, "tiny");
        ConversionResult second = await Convert(changed.Path, folder.File("second"), ModelFileType.Q8_0, "tiny");
        Assert.Equal(File.ReadAllBytes(first.TextPath), File.ReadAllBytes(second.TextPath));
        Assert.Equal(File.ReadAllBytes(first.VisionPath), File.ReadAllBytes(second.VisionPath));
    }

    private sealed class Recorder : IProgress<ConversionProgress>
    {
        public List<ConversionProgress> Reports { get; } = [];

        public void Report(ConversionProgress value) => Reports.Add(value);
    }
}
