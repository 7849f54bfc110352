using System.Text;
using System.Text.Json.Nodes;
using PaliGguf.Gguf;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests;

/// <summary>What is wrong with a source is told by its cause, with a way out; what asks for something that a GGUF file can carry is
/// carried.</summary>
public sealed class SourceCauseTests : IDisposable
{
    private const string Query = "language_model.model.layers.0.self_attn.q_proj.weight";
    private const string LfsPointer = "version https://git-lfs.github.com/spec/v1\noid "
        + "sha256:4d7a21464d7a21464d7a21464d7a21464d7a21464d7a21464d7a21464d7a2146\nsize 6060000000\n";
    private readonly CheckpointFolder _checkpoint = CheckpointFolder.Copy(CheckpointFolder.Gemma2);

    public void Dispose() => _checkpoint.Dispose();

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("tokenizer.model")]
    [InlineData("config.json")]
    [InlineData("tokenizer_config.json")]
    [InlineData("preprocessor_config.json")]
    [InlineData("generation_config.json")]
    public Task A_pointer_of_Git_LFS_is_told_for_what_it_is(string file)
    {
        File.WriteAllText(_checkpoint.SaveSingle().In(file), LfsPointer);
        return RefusedAsync(_checkpoint.In(file), "Git LFS pointer", "6060000000 bytes", "git lfs pull");
    }

    [Theory]
    [InlineData("<!DOCTYPE html>\n<html>", "web page")]
    [InlineData("\n <HTML lang=\"en\">", "web page")]
    [InlineData("Entry not found", "server's answer")]
    [InlineData("/annex/objects/SHA256E-s6060000000--abc.safetensors\n", "git annex get")]
    [InlineData("version https://hawser.github.com/spec/v1\n", "Git LFS pointer")]
    public Task What_else_lies_in_a_file_s_place_is_told_too(string content, string told)
    {
        File.WriteAllText(_checkpoint.SaveSingle().In("model.safetensors"), content);
        return RefusedAsync(_checkpoint.In("model.safetensors"), told);
    }

    [Fact]
    public void A_pointer_in_the_place_of_a_GGUF_file_is_told()
    {
        using TemporaryFolder folder = new();
        OneLineError.Check(() => GgufFile.Open(folder.Write("model.gguf", Encoding.UTF8.GetBytes(LfsPointer))).Dispose(),
            "model.gguf", "Git LFS pointer");
    }

    [Theory]
    [InlineData("quantization_config", """{"quant_method":"bitsandbytes","load_in_4bit":true}""", "bitsandbytes", "in 4 bits")]
    [InlineData("quantization_config", """{"quant_method":"bitsandbytes","load_in_8bit":true}""", "bitsandbytes", "in 8 bits")]
    [InlineData("quantization_config", """{"quant_method":"gptq","bits":4}""", "gptq", "in 4 bits")]
    [InlineData("quantization_config", """{"quant_method":"awq"}""", "awq")]
    [InlineData("quantization_config", """{"quant_method":"fp8"}""", "fp8")]
    [InlineData("quantization_config", """{"quant_method":"torchao"}""", "torchao")]
    [InlineData("quantization", """{"group_size":64,"bits":4}""", "MLX", "in 4 bits")]
    public Task A_quantized_checkpoint_is_told_by_its_configuration(string key, string value, params string[] told)
    {
        _checkpoint.SaveSingle().EditConfig(config => config[key] = JsonNode.Parse(value));
        return RefusedAsync([key, "dequantize", .. told]);
    }

    [Theory]
    [InlineData("U8", ".quant_state.bitsandbytes__nf4", "bitsandbytes, in 4 bits")]
    [InlineData("I8", ".SCB", "bitsandbytes, in 8 bits")]
    [InlineData("F8_E4M3", "", "F8_E4M3")]
    [InlineData("F8_E4M3", "_scale_inv", "stores scales")]
    public Task A_quantized_checkpoint_is_told_by_its_tensors(string type, string suffix, string told)
    {
        RawTensor query = _checkpoint.Tensors[Query];
        _checkpoint.Tensors[Query] = new RawTensor(type, query.Shape, new byte[query.Shape[0] * query.Shape[1]]);
        if (suffix.Length > 0) _checkpoint.Tensors.Add(Query + suffix, new RawTensor("F32", [1], new byte[4]));
        _checkpoint.SaveSingle();
        return RefusedAsync(told, "dequantize");
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("_orig_mod.")]
    [InlineData("base_model.model.")]
    [InlineData("model.")]
    [InlineData("policy.paligemma.")]
    [InlineData("module._orig_mod.")]
    public async Task What_a_wrapper_put_before_all_names_is_taken_off(string prefix)
    {
        ConversionResult result = await ConvertAsync(_checkpoint.Rename(name => prefix + name).SaveSingle());
        ConversionResult plain = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        Assert.Contains(prefix, Assert.Single(result.Warnings), StringComparison.Ordinal);
        SameTensors(plain.TextPath, result.TextPath);
        SameTensors(plain.VisionPath, result.VisionPath);
    }

    [Fact]
    public Task A_compiled_part_inside_of_a_name_is_taken_off_too() =>
        ConvertAsync(
            _checkpoint.Rename(name => name.Replace("language_model.model.", "language_model.model._orig_mod.", StringComparison.Ordinal))
                .SaveSingle());

    [Fact]
    public Task The_state_of_a_whole_PEFT_model_is_told()
    {
        _checkpoint.Rename(
            name => "base_model.model." + name.Replace("q_proj.weight", "q_proj.base_layer.weight", StringComparison.Ordinal)).SaveSingle();
        return RefusedAsync("a whole PEFT model", "base_model.model.", "merge_and_unload");
    }

    [Fact]
    public Task A_prefix_before_another_model_is_told()
    {
        _checkpoint.Rename(name => "wrapper.other_" + name).SaveSingle();
        return RefusedAsync("begin with 'wrapper.'");
    }

    [Fact]
    public async Task An_adapter_beside_a_model_has_to_be_spoken_of()
    {
        using PeftFolder adapter = PeftFolder.ForText(CheckpointFolder.Gemma2);
        _checkpoint.SaveSingle();
        foreach (string file in Directory.GetFiles(adapter.Path)) File.Copy(file, _checkpoint.In(Path.GetFileName(file)));
        await RefusedAsync("adapter_config.json", "an adapter lies beside the model", "--adapter");
        ConversionResult merged =
            await ConvertAsync(_checkpoint, adapters: [new AdapterSource(_checkpoint.Path + Path.DirectorySeparatorChar)]);
        using GgufFile text = GgufFile.Open(merged.TextPath);
        using GgufFile plain = GgufFile.Open((await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).TextPath);
        Assert.False(
            text.GetRows(text.GetTensor("blk.0.attn_q.weight"), 0, 1)
                .SequenceEqual(plain.GetRows(plain.GetTensor("blk.0.attn_q.weight"), 0, 1)));
    }

    [Fact]
    public async Task An_adapter_and_a_model_are_not_taken_for_each_other()
    {
        using PeftFolder adapter = PeftFolder.ForText(CheckpointFolder.Gemma2);
        OneLineError.Check(await Assert.ThrowsAsync<ModelFormatException>(() => ConvertAsync(adapter.Path)),
            adapter.Path, "an adapter, not a model");
        string model = (await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).TextPath;
        AdapterConversionOptions options = new() { Source = CheckpointFolder.Gemma2, Model = model, OutputPath = _checkpoint.Output };
        OneLineError.Check(await Assert.ThrowsAsync<ModelFormatException>(() => AdapterConverter.ConvertAsync(options)),
            CheckpointFolder.Gemma2, "a model, not an adapter");
    }

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("pytorch_model.bin.index.json")]
    [InlineData("consolidated.pt")]
    public Task Pickled_weights_are_told(string file)
    {
        File.WriteAllBytes(_checkpoint.In(file), [0x80, 0x02]);
        return RefusedAsync(file, "pickled", "safe_serialization=True");
    }

    [Theory]
    [InlineData("google/paligemma2-3b-mix-224", "paligguf pull google/paligemma2-3b-mix-224")]
    [InlineData("https://huggingface.co/google/paligemma2-3b-mix-224", "paligguf pull google/paligemma2-3b-mix-224")]
    [InlineData("https://example.com/model.safetensors", "download it first")]
    [InlineData("hf://google/paligemma", "download it first")]
    public async Task An_address_or_a_name_of_the_hub_is_told(string source, string told) =>
        OneLineError.Check(await Assert.ThrowsAsync<ModelFormatException>(() => ConvertAsync(source)), source, told);

    [Fact]
    public Task A_file_address_of_this_machine_is_a_path() => ConvertAsync(new Uri(_checkpoint.SaveSingle().Path).AbsoluteUri);

    [Fact]
    public Task The_activation_is_the_one_that_Gemma_2_reads() => ConvertAsync(_checkpoint.SaveSingle().EditConfig(config =>
    {
        config["text_config"]!["hidden_act"] = "gelu";
        config["text_config"]!["hidden_activation"] = "gelu_pytorch_tanh";
    }));

    [Theory]
    [InlineData("[1,313]", 1, 313)]
    [InlineData("[313,1,107]", 1, 313, 107)]
    [InlineData("[313]", 313)]
    [InlineData("313", 313)]
    [InlineData("[1]", 1)]
    [InlineData("[1,1]", 1)]
    [InlineData("[]", 1)]
    [InlineData("null", 1)]
    public async Task The_tokens_that_end_answers_are_those_of_the_generation_s_configuration(string list, params int[] expected)
    {
        _checkpoint.SaveSingle().EditJson("generation_config.json", config => config["eos_token_id"] = JsonNode.Parse(list));
        await AssertEndsAsync(expected);
    }

    [Fact]
    public async Task Without_that_file_they_are_those_of_the_model_s()
    {
        File.Delete(_checkpoint.SaveSingle().In("generation_config.json"));
        _checkpoint.EditConfig(config => config["eos_token_id"] = new JsonArray(1, 400));
        await AssertEndsAsync(1, 400);
        _checkpoint.EditConfig(config =>
        {
            config.Remove("eos_token_id");
            config["text_config"]!["eos_token_id"] = new JsonArray(1, 500);
        });
        await AssertEndsAsync(1, 500);
    }

    [Theory]
    [InlineData("forced_bos_token_id", "5")]
    [InlineData("forced_eos_token_id", "[1]")]
    [InlineData("suppress_tokens", "[7,8]")]
    [InlineData("begin_suppress_tokens", "[7]")]
    [InlineData("bad_words_ids", "[[7]]")]
    [InlineData("repetition_penalty", "1.2")]
    [InlineData("no_repeat_ngram_size", "3")]
    [InlineData("min_new_tokens", "4")]
    [InlineData("guidance_scale", "1.5")]
    [InlineData("stop_strings", "[\"x\"]")]
    [InlineData("eos_token_id", "[1,99999999]")]
    [InlineData("eos_token_id", "[1,2112]")]
    [InlineData("eos_token_id", "\"<eos>\"")]
    [InlineData("eos_token_id", "-1")]
    public Task A_rule_for_answers_that_is_not_kept_is_refused_by_name(string key, string value)
    {
        _checkpoint.SaveSingle().EditJson("generation_config.json", config => config[key] = JsonNode.Parse(value));
        return RefusedAsync("generation_config.json", key);
    }

    [Theory]
    [InlineData("do_sample", "true", "--temperature")]
    [InlineData("num_beams", "4", "--beams")]
    [InlineData("max_new_tokens", "64", "--max-tokens")]
    [InlineData("answer_backwards", "true", "unknown")]
    public async Task What_a_request_has_to_ask_for_is_a_warning(string key, string value, string told)
    {
        _checkpoint.SaveSingle().EditJson("generation_config.json", config => config[key] = JsonNode.Parse(value));
        string warning = Assert.Single((await ConvertAsync(_checkpoint)).Warnings);
        Assert.Contains(key, warning, StringComparison.Ordinal);
        Assert.Contains(told, warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"<s>\"")]
    [InlineData("""{"content":"<unk>","special":true}""")]
    public Task A_prompt_that_begins_with_another_token_is_refused(string begin)
    {
        _checkpoint.SaveSingle().EditJson("tokenizer_config.json", config => config["bos_token"] = JsonNode.Parse(begin));
        return RefusedAsync("tokenizer_config.json", "bos_token", "<bos>");
    }

    [Theory]
    [InlineData("tokenizer_class", "\"LlamaTokenizer\"", "GemmaTokenizer")]
    [InlineData("clean_up_tokenization_spaces", "true", "answers keep their spaces")]
    [InlineData("do_lower_case", "true", "unknown")]
    public async Task What_the_tokenizer_s_settings_ask_for_and_is_not_done_is_a_warning(string key, string value, string told)
    {
        _checkpoint.SaveSingle().EditJson("tokenizer_config.json", config => config[key] = JsonNode.Parse(value));
        string warning = Assert.Single((await ConvertAsync(_checkpoint)).Warnings);
        Assert.Contains(key, warning, StringComparison.Ordinal);
        Assert.Contains(told, warning, StringComparison.Ordinal);
    }

    [Fact]
    public Task Two_ids_of_the_token_for_pictures_are_refused()
    {
        _checkpoint.SaveSingle().EditConfig(config => config["image_token_id"] = 2051);
        return RefusedAsync("config.json", "image_token_id is 2051", "image_token_index", "2052");
    }

    [Fact]
    public async Task The_small_checkpoints_convert_without_a_warning()
    {
        foreach (string source in new[] { CheckpointFolder.Gemma, CheckpointFolder.Gemma2, CheckpointFolder.PaliNano })
            Assert.Empty((await ConvertAsync(source)).Warnings);
    }

    [Fact]
    public async Task Bilinear_resizing_is_written_down()
    {
        _checkpoint.SaveSingle().EditJson("preprocessor_config.json", config => (config["resample"], config["do_normalize"]) = (2, false));
        using GgufFile vision = GgufFile.Open((await ConvertAsync(_checkpoint)).VisionPath);
        Assert.Equal("bilinear", vision.Metadata.GetString("paligguf.image_resampling"));
        Assert.Equal([0, 0, 0], vision.Metadata.GetSingleArray("clip.vision.image_mean").ToArray());
        Assert.Equal([1, 1, 1], vision.Metadata.GetSingleArray("clip.vision.image_std").ToArray());
    }

    [Fact]
    public Task An_untied_output_matrix_must_be_there()
    {
        _checkpoint.SaveSingle().EditConfig(config => config["tie_word_embeddings"] = false);
        return RefusedAsync("tie_word_embeddings", "lm_head.weight");
    }

    private async Task AssertEndsAsync(params int[] expected)
    {
        using GgufFile text = GgufFile.Open((await ConvertAsync(_checkpoint)).TextPath);
        Assert.Equal((uint)expected[0], text.Metadata.GetUInt32("tokenizer.ggml.eos_token_id"));
        Assert.Equal(expected.Length > 1, text.Metadata.TryGetUInt32("tokenizer.ggml.eot_token_id", out uint second));
        if (expected.Length > 1) Assert.Equal((uint)expected[1], second);
        if (expected.Length > 1)
            Assert.Equal(expected.Select(id => (uint)id), text.Metadata.GetUInt32Array("tokenizer.ggml.eog_token_ids").ToArray());
        else Assert.False(text.Metadata.Contains("tokenizer.ggml.eog_token_ids"));
    }

    private async Task RefusedAsync(params string[] contained)
    {
        OneLineError.Check(await Assert.ThrowsAsync<ModelFormatException>(() => ConvertAsync(_checkpoint)), contained);
        Assert.False(Directory.Exists(_checkpoint.Output));
    }

    private Task<ConversionResult> ConvertAsync(CheckpointFolder checkpoint, IReadOnlyList<AdapterSource>? adapters = null) =>
        ConvertAsync(checkpoint.Path, adapters);

    private Task<ConversionResult> ConvertAsync(string source, IReadOnlyList<AdapterSource>? adapters = null) =>
        CheckpointConverter.ConvertAsync(
        new ConversionOptions
        {
            Source = source,
            OutputFolder = _checkpoint.Output,
            Type = ModelFileType.F32,
            Name = "converted",
            Adapters = adapters ?? []
        });

    private static void SameTensors(string expectedPath, string actualPath)
    {
        using GgufFile expected = GgufFile.Open(expectedPath);
        using GgufFile actual = GgufFile.Open(actualPath);
        Assert.Equal(expected.Tensors.Select(tensor => tensor.ToString()), actual.Tensors.Select(tensor => tensor.ToString()));
        foreach (GgufTensor tensor in expected.Tensors)
        {
            Assert.True(expected.GetRows(tensor, 0, (int)tensor.RowCount)
                .SequenceEqual(actual.GetRows(actual.GetTensor(tensor.Name), 0, (int)tensor.RowCount)), tensor.Name);
        }
    }
}
