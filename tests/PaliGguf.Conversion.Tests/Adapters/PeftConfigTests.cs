using System.Diagnostics;
using PaliGguf.Conversion.Adapters;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Adapters;

public sealed class PeftConfigTests
{
    private const string Query = "model.language_model.layers.3.self_attn.q_proj";
    private const string Gate = "model.language_model.layers.13.mlp.gate_proj";

    [Theory]
    [InlineData("""{"peft_type":"LORA"}""", 1)]
    [InlineData("""{"peft_type":"LORA","r":16,"lora_alpha":32}""", 2)]
    [InlineData("""{"peft_type":"LORA","r":16,"lora_alpha":32,"use_rslora":true}""", 8)]
    [InlineData("""{"peft_type":"LORA","r":16,"lora_alpha":8,"rank_pattern":{"q_proj":4}}""", 2)]
    [InlineData("""{"peft_type":"LORA","r":16,"lora_alpha":8,"rank_pattern":{"q_proj":4},"use_rslora":true}""", 4)]
    [InlineData("""{"peft_type":"LORA","r":16,"lora_alpha":8,"alpha_pattern":{"self_attn.q_proj":64}}""", 4)]
    [InlineData("""{"peft_type":"LORA","r":16,"lora_alpha":0.5}""", 0.03125)]
    public void The_scale_is_alpha_by_rank_or_by_its_root(string json, double scale)
    {
        PeftConfig config = Read(json);
        Assert.Equal(scale, config.Scale(Query, config.Rank(Query)!.Value));
    }

    [Theory]
    [InlineData("q_proj", 5, 8)]
    [InlineData("proj", 8, 8)]
    [InlineData(".*_proj", 5, 5)]
    [InlineData("layers.3.self_attn.q_proj", 5, 8)]
    [InlineData(@"layers\.\d+\.mlp\.(gate|up)_proj", 8, 5)]
    [InlineData("model.language_model.layers.3.self_attn.q_proj", 5, 8)]
    [InlineData("^model.language_model.layers.3.self_attn.q_proj", 5, 8)]
    [InlineData("^layers.3.self_attn.q_proj", 8, 8)]
    [InlineData("self_attn", 8, 8)]
    public void A_pattern_is_the_end_of_a_path_or_an_expression_for_it(string key, int query, int gate)
    {
        PeftConfig config = Read($$"""{"peft_type":"LORA","rank_pattern":{{{System.Text.Json.JsonSerializer.Serialize(key)}}:5} }""");
        Assert.Equal(query, config.Rank(Query));
        Assert.Equal(gate, config.Rank(Gate));
    }

    [Fact]
    public void A_rank_pattern_that_is_none_leaves_the_rank_to_the_factors() =>
        Assert.Null(Read("""{"peft_type":"LORA","rank_pattern":{"q_(proj":5}}""").Rank(Query));

    [Fact]
    public void A_pattern_that_takes_too_long_is_refused()
    {
        PeftConfig config = Read("""{"peft_type":"LORA","alpha_pattern":{"(?=.)(a+)+b":8}}""");
        OneLineError.Check(() => config.Scale(new string('a', 200), 8), PeftConfig.File, "alpha_pattern", "takes too long");
    }

    [Fact]
    public void The_first_pattern_that_fits_counts() =>
        Assert.Equal(3, Read("""{"peft_type":"LORA","rank_pattern":{"k_proj":2,"q_proj":3,"self_attn.q_proj":4}}""").Rank(Query));

    [Theory]
    [InlineData("""{}""", "peft_type is missing")]
    [InlineData("""[]""", "not an object")]
    [InlineData("""{"peft_type":"IA3"}""", "peft_type is IA3")]
    [InlineData("""{"peft_type":"LORA","r":0}""", "r is 0")]
    [InlineData("""{"peft_type":"LORA","r":100000}""", "r is 100000")]
    [InlineData("""{"peft_type":"LORA","lora_alpha":-1}""", "lora_alpha is -1")]
    [InlineData("""{"peft_type":"LORA","lora_alpha":1e300}""", "lora_alpha is 1e300")]
    [InlineData("""{"peft_type":"LORA","use_dora":true}""", "DoRA")]
    [InlineData("""{"peft_type":"LORA","use_qalora":true}""", "QA-LoRA")]
    [InlineData("""{"peft_type":"LORA","lora_bias":true}""", "lora_bias is true")]
    [InlineData("""{"peft_type":"LORA","layer_replication":[[0,4],[2,5]]}""", "layer_replication")]
    [InlineData("""{"peft_type":"LORA","target_parameters":["experts.w"]}""", "target_parameters")]
    [InlineData("""{"peft_type":"LORA","trainable_token_indices":[1]}""", "trainable_token_indices")]
    [InlineData("""{"peft_type":"LORA","alora_invocation_tokens":[1]}""", "alora_invocation_tokens")]
    [InlineData("""{"peft_type":"LORA","init_lora_weights":"pissa_niter_16"}""", "path_initial_model_for_weight_conversion")]
    [InlineData("""{"peft_type":"LORA","rank_pattern":{"q_proj":"8"}}""", "rank_pattern.q_proj is")]
    [InlineData("""{"peft_type":"LORA","rank_pattern":["q_proj"]}""", "rank_pattern is")]
    [InlineData("""{"peft_type":"LORA","alpha_pattern":{"q_(proj":8}}""", "alpha_pattern has the key 'q_(proj'")]
    [InlineData("""{"peft_type":"LORA","alpha_pattern":{"(?<k>q)_proj":8}}""", "not a regular expression of Python")]
    public void What_changes_the_result_and_is_not_supported_is_refused(string json, string problem) => OneLineError.Check(() => Read(json), PeftConfig.File, problem);

    [Fact]
    public void What_stands_for_none_is_fine() =>
        Assert.Equal(1, Read("""
            {"peft_type":"LORA","use_dora":false,"lora_bias":false,"layer_replication":null,"target_parameters":[],"trainable_token_indices":{},"init_lora_weights":"gaussian",
             "layers_to_transform":[1],"megatron_core":"megatron.core","loftq_config":{},"corda_config":null,"modules_to_save":[],"exclude_modules":null}
            """).Scale(Query, 8));

    [Fact]
    public void A_pattern_that_explodes_ends_soon()
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            Read("""{"peft_type":"LORA","rank_pattern":{"((((a|b|.){99}){99}){99}.*x){9}":8}}""").Rank(string.Concat(Enumerable.Repeat("ab.", 2000)));
        }
        catch (ModelFormatException refused)
        {
            OneLineError.Check(refused, "rank_pattern");
        }

        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 10);
    }

    [Fact]
    public void What_is_unknown_is_warned_of()
    {
        ConversionWarnings warnings = new();
        Read("""{"peft_type":"LORA","r":8,"target_modules":"all-linear","use_twist":true,"twist_angle":3,"none":null}""", warnings);
        Assert.EndsWith("adapter_config.json: unknown and not taken into account: use_twist, twist_angle", Assert.Single(warnings.All));

        ConversionWarnings none = new();
        Read(File.ReadAllText(Path.Combine(Repository.Root, "models", "pali-nano", "adapter-thai-sentence", PeftConfig.File)), none);
        Assert.Empty(none.All);
    }

    private static PeftConfig Read(string json, ConversionWarnings? warnings = null)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File(PeftConfig.File), json);
        return PeftConfig.Read(folder.Path, warnings ?? new ConversionWarnings());
    }
}
