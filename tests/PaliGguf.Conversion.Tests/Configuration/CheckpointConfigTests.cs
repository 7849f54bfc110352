using System.Text.Json.Nodes;
using PaliGguf.Conversion.Configuration;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Configuration;

public sealed class CheckpointConfigTests : IDisposable
{
    // As published for PaliGemma 3B and PaliGemma 2 3B: most of what the decoder is follows from its model type.
    private const string PaliGemma = """
        {
          "architectures": ["PaliGemmaForConditionalGeneration"], "model_type": "paligemma", "image_token_index": 257152, "hidden_size": 2048,
          "text_config": {"model_type": "gemma", "hidden_size": 2048, "intermediate_size": 16384, "num_attention_heads": 8, "num_hidden_layers": 18,
            "num_image_tokens": 256, "num_key_value_heads": 1, "torch_dtype": "float32", "vocab_size": 257216},
          "vision_config": {"model_type": "siglip_vision_model", "hidden_size": 1152, "intermediate_size": 4304, "num_attention_heads": 16,
            "num_hidden_layers": 27, "num_image_tokens": 256, "patch_size": 14, "projector_hidden_act": "gelu_fast", "vision_use_head": false}
        }
        """;

    private const string PaliGemma2 = """
        {
          "model_type": "paligemma", "image_token_index": 257152,
          "text_config": {"model_type": "gemma2", "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 26, "num_key_value_heads": 4, "vocab_size": 257216},
          "vision_config": {"model_type": "siglip_vision_model", "image_size": 448}
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_published_PaliGemma_omits_is_filled_in()
    {
        CheckpointConfig config = Read(PaliGemma);

        Assert.Equal(257152, config.ImageToken);
        Assert.Equal(
            new TextConfig
            {
                Generation = GemmaGeneration.Gemma,
                VocabularySize = 257216,
                HiddenSize = 2048,
                IntermediateSize = 16384,
                Layers = 18,
                Heads = 8,
                KeyValueHeads = 1,
                HeadSize = 256,
                ContextLength = 8192,
                NormEpsilon = 1e-6f,
                RopeBase = 10000,
            },
            config.Text);
        Assert.Equal(224, config.Vision.ImageSize);
        Assert.Equal(256, config.Vision.Patches);
        Assert.Equal(4320, config.Vision.PaddedIntermediateSize);
        Assert.Equal(1e-6f, config.Vision.NormEpsilon);
    }

    [Fact]
    public void What_a_published_PaliGemma_2_omits_is_filled_in()
    {
        CheckpointConfig config = Read(PaliGemma2);

        Assert.Equal(GemmaGeneration.Gemma2, config.Text.Generation);
        Assert.Equal(8, config.Text.Heads);
        Assert.Equal(4096, config.Text.SlidingWindow);
        Assert.Equal(50, config.Text.AttentionSoftCap);
        Assert.Equal(30, config.Text.FinalSoftCap);
        Assert.Equal(1024, config.Vision.Patches);
        Assert.Equal(16, config.Vision.Heads);
    }

    [Fact]
    public void The_query_scale_of_the_largest_model_is_the_width_per_head()
    {
        static void Largest(JsonObject config, int scalar)
        {
            JsonNode text = config["text_config"]!;
            text["num_hidden_layers"] = 46;
            text["hidden_size"] = 4608;
            text["num_attention_heads"] = 32;
            text["num_key_value_heads"] = 16;
            text["head_dim"] = 128;
            text["query_pre_attn_scalar"] = scalar;
        }

        Assert.Equal(46, Read(PaliGemma2, config => Largest(config, 144)).Text.Layers);
        Refused(PaliGemma2, config => Largest(config, 128), "text_config.query_pre_attn_scalar is 128", "144");
        Refused(PaliGemma2, config => config["text_config"]!["query_pre_attn_scalar"] = 224, "is 224", "256");
    }

    [Fact]
    public void A_rope_base_is_found_where_newer_files_have_it()
    {
        CheckpointConfig config = Read(
            PaliGemma2, json => json["text_config"]!["rope_parameters"] = new JsonObject { ["rope_theta"] = 20000.0, ["rope_type"] = "default" });
        Assert.Equal(20000, config.Text.RopeBase);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        OneLineError.Check(() => CheckpointConfig.Read(_folder.Path, new ConversionWarnings()), _folder.File("config.json"), "missing");

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{\"a\":", "not valid JSON")]
    [InlineData("{\"a\":1,\"a\":2}", "not valid JSON")]
    [InlineData("\"paligemma\"", "not an object")]
    [InlineData("{}", "model_type is missing")]
    [InlineData("{\"model_type\":\"llava\"}", "model_type is llava", "paligemma")]
    [InlineData("{\"model_type\":7}", "model_type is 7", "a string")]
    [InlineData("{\"model_type\":\"paligemma\"}", "text_config is missing")]
    [InlineData("{\"model_type\":\"paligemma\",\"text_config\":[]}", "text_config is []", "an object")]
    [InlineData("{\"model_type\":\"paligemma\",\"text_config\":{}}", "vision_config is missing")]
    public void A_file_that_is_no_configuration_is_refused(string content, params string[] contained)
    {
        File.WriteAllText(_folder.File("config.json"), content);
        OneLineError.Check(() => CheckpointConfig.Read(_folder.Path, new ConversionWarnings()),
            [_folder.File("config.json"), .. contained]);
    }

    [Theory]
    [InlineData("text_config", "model_type", "\"gemma3_text\"", "gemma or gemma2")]
    [InlineData("text_config", "attention_bias", "true", "false")]
    [InlineData("text_config", "use_bidirectional_attention", "false", "true")]
    [InlineData("text_config", "hidden_activation", "\"gelu\"", "gelu_pytorch_tanh")]
    [InlineData("text_config", "torch_dtype", "\"float8_e4m3fn\"", "bfloat16")]
    [InlineData("text_config", "partial_rotary_factor", "0.5", "part of each head")]
    [InlineData("text_config", "rope_parameters", "{\"rope_type\":\"default\",\"full_attention\":{\"rope_theta\":1}}", "full_attention")]
    [InlineData("text_config", "hidden_size", "0", "from 1")]
    [InlineData("text_config", "hidden_size", "-2304", "from 1")]
    [InlineData("text_config", "hidden_size", "99999999999", "from 1")]
    [InlineData("text_config", "hidden_size", "2304.5", "whole number")]
    [InlineData("text_config", "num_hidden_layers", "100000", "512")]
    [InlineData("text_config", "num_key_value_heads", "3", "divisor")]
    [InlineData("text_config", "rms_norm_eps", "0", "positive")]
    [InlineData("text_config", "rms_norm_eps", "1e-60", "positive")]
    [InlineData("text_config", "rope_theta", "\"x\"", "positive")]
    [InlineData("text_config", "rope_scaling", "{\"type\":\"linear\"}", "linear")]
    [InlineData("text_config", "attn_logit_softcapping", "null", "a number")]
    [InlineData("text_config", "layer_types", "[\"full_attention\"]", "sliding_attention")]
    [InlineData("vision_config", "model_type", "\"clip_vision_model\"", "siglip_vision_model")]
    [InlineData("vision_config", "hidden_act", "\"quick_gelu\"", "gelu_pytorch_tanh")]
    [InlineData("vision_config", "num_channels", "4", "3")]
    [InlineData("vision_config", "image_size", "225", "multiple")]
    [InlineData("vision_config", "num_attention_heads", "7", "divisor")]
    public void An_unsupported_value_is_named_with_its_key(string section, string key, string value, string expected) =>
        Refused(PaliGemma2, config => config[section]![key] = JsonNode.Parse(value), section, key, expected);

    [Fact]
    public void The_number_of_vision_heads_is_not_guessed_for_an_unknown_width() =>
        Refused(PaliGemma2, config => config["vision_config"]!["hidden_size"] = 1024, "vision_config.num_attention_heads is missing");

    [Fact]
    public void A_first_generation_file_that_says_gelu_means_the_tanh_form() =>
        Assert.Equal(18, Read(PaliGemma, config => config["text_config"]!["hidden_act"] = "gelu").Text.Layers);

    private CheckpointConfig Read(string json, Action<JsonObject>? edit = null)
    {
        JsonObject config = JsonNode.Parse(json)!.AsObject();
        edit?.Invoke(config);
        File.WriteAllText(_folder.File("config.json"), config.ToJsonString());
        return CheckpointConfig.Read(_folder.Path, new ConversionWarnings());
    }

    private void Refused(string json, Action<JsonObject> edit, params string[] contained) => OneLineError.Check(() => Read(json, edit), contained);
}
