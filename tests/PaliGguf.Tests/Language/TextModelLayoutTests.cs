using PaliGguf.Conversion;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

/// <summary>What a text file must hold before the native loader sees it: a sound one (3 layers, width 256, 4/2 heads of 64, 2112 tokens), one thing changed at a time.</summary>
public sealed class TextModelLayoutTests : IDisposable
{
    private const string Tokens = "tokenizer.ggml.tokens";

    private static readonly string[] Optional =
    [
        "general.type", "general.name", "general.file_type", "general.quantization_version",
        "gemma2.attention.key_length", "gemma2.attention.value_length", "gemma2.rope.freq_base", "gemma2.attn_logit_softcapping", "gemma2.final_logit_softcapping",
        "gemma2.attention.sliding_window", "tokenizer.ggml.pre", "tokenizer.ggml.unknown_token_id", "tokenizer.ggml.padding_token_id",
        "tokenizer.ggml.add_bos_token", "tokenizer.ggml.add_eos_token", "tokenizer.ggml.add_space_prefix",
    ];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, uint, string> NumbersOutOfRange => new()
    {
        { "gemma2.embedding_length", 0, "1 to 1048576" },
        { "gemma2.embedding_length", uint.MaxValue, "1 to 1048576" },
        { "gemma2.block_count", 0, "1 to 500" },
        { "gemma2.block_count", 501, "1 to 500" },
        { "gemma2.feed_forward_length", 0, "1 to" },
        { "gemma2.context_length", 0, "1 to" },
        { "gemma2.attention.head_count", 0, "1 to 4096" },
        { "gemma2.attention.head_count_kv", 0, "1 to 4096" },
        { "gemma2.attention.head_count_kv", 3, "do not divide" },
        { "gemma2.attention.head_count_kv", 8, "do not divide" },
        { "gemma2.attention.key_length", 0, "1 to 4096" },
        { "gemma2.attention.key_length", 60, "multiple of 8" },
        { "gemma2.attention.key_length", 1032, "up to 1024" },
        { "gemma2.attention.value_length", 32, "differs from key_length 64" },
        { "gemma2.attention.sliding_window", 0, "1 to" },
        { "gemma2.attention.sliding_window", uint.MaxValue, "1 to" },
        { "gemma2.rope.dimension_count", 32, "head length 64" },
        { "gemma2.vocab_size", 2111, "2112 tokens" },
        { "split.count", 2, "join them" },
        { "tokenizer.ggml.bos_token_id", 2112, "2112 tokens" },
        { "tokenizer.ggml.bos_token_id", 1, "both 1" },
        { "tokenizer.ggml.eos_token_id", uint.MaxValue, "2112 tokens" },
        { "tokenizer.ggml.padding_token_id", 2112, "2112 tokens" },
        { "tokenizer.ggml.eot_token_id", 99_999, "2112 tokens" },
        { "gemma2.expert_count", 1, "not have" },
        { "gemma2.pooling_type", 1, "not have" },
    };

    public static TheoryData<string, float, string> FractionsOutOfRange => new()
    {
        { "gemma2.attention.layer_norm_rms_epsilon", float.NaN, "0 to 1" },
        { "gemma2.attention.layer_norm_rms_epsilon", -1e-6f, "0 to 1" },
        { "gemma2.attention.layer_norm_rms_epsilon", float.PositiveInfinity, "0 to 1" },
        { "gemma2.rope.freq_base", 0, "1 to" },
        { "gemma2.rope.freq_base", float.NaN, "1 to" },
        { "gemma2.attn_logit_softcapping", 0, "0.001 to" },
        { "gemma2.final_logit_softcapping", float.NaN, "0.001 to" },
        { "gemma2.rope.scaling.factor", 2, "not have" },
    };

    public static TheoryData<string, string, string> TextsOfAnotherKind => new()
    {
        { "general.architecture", "llama", "'gemma' or 'gemma2'" },
        { "general.architecture", "clip", "this is a vision model" },
        { "general.architecture", "gem\nma", "'gem?ma'" },
        { "tokenizer.ggml.model", "gpt2", "'gpt2'" },
        { "tokenizer.ggml.model", "ll\nama", "'ll?ama'" },
        { "gemma2.rope.scaling.type", "bogus", "not have" },
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sound_file_is_read()
    {
        TextModelLayout layout = await ReadAsync(new GgufEdits());
        Assert.Equal(
            ("gemma2", 256, 3, 512, 4, 2, 64, 8192, 2112, 2052),
            (layout.Architecture, layout.EmbeddingLength, layout.LayerCount, layout.FeedForwardLength, layout.HeadCount, layout.KeyValueHeadCount, layout.HeadLength,
                layout.ContextLength, layout.VocabularySize, layout.ImageToken));
    }

    [Fact]
    public async Task Each_key_that_is_missing_is_named()
    {
        using GgufFile file = GgufFile.Open(await SourceAsync());
        foreach (string key in file.Metadata.Keys.Except(Optional).ToArray()) Assert.Contains($"'{key}'", await ProblemAsync(new GgufEdits().Without(key)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_key_of_another_type_is_named()
    {
        using GgufFile file = GgufFile.Open(await SourceAsync());
        foreach (string key in file.Metadata.Keys.Except(Optional).ToArray()) Assert.Contains($"'{key}'", await ProblemAsync(new GgufEdits().With(key, true)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_have_defaults_may_be_missing()
    {
        GgufEdits edits = Optional.Aggregate(new GgufEdits(), (all, key) => all.Without(key));
        string text = edits.Write(await SourceAsync(), _folder.File("bare-F32.gguf"));
        using PaliModel model = await PaliModel.LoadAsync(text, Models.OneThread with { VisionPath = (await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).VisionPath });
        Assert.Equal("bare-F32", model.Info.Name);
    }

    [Theory]
    [MemberData(nameof(NumbersOutOfRange))]
    public async Task A_number_out_of_range_is_refused(string key, uint value, string expected) =>
        Assert.Contains(expected, await ProblemAsync(new GgufEdits().With(key, value)), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(FractionsOutOfRange))]
    public async Task A_fraction_out_of_range_is_refused(string key, float value, string expected) =>
        Assert.Contains(expected, await ProblemAsync(new GgufEdits().With(key, value)), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(TextsOfAnotherKind))]
    public async Task A_file_of_another_kind_is_refused(string key, string value, string expected) =>
        Assert.Contains(expected, await ProblemAsync(new GgufEdits().With(key, value)), StringComparison.Ordinal);

    [Fact]
    public async Task The_size_of_the_vocabulary_may_be_written_down() => await ReadAsync(new GgufEdits().With("gemma2.vocab_size", 2112u));

    [Fact]
    public async Task A_leading_space_is_not_Gemmas() =>
        Assert.Contains("no leading space", await ProblemAsync(new GgufEdits().With("tokenizer.ggml.add_space_prefix", true)), StringComparison.Ordinal);

    [Fact]
    public async Task Tokens_are_unique_and_not_empty()
    {
        Assert.Contains("token 700 repeats the text of token 600", await ProblemAsync(await WithTokensAsync(tokens => tokens[700] = tokens[600])), StringComparison.Ordinal);
        Assert.Contains("token 700 is empty", await ProblemAsync(await WithTokensAsync(tokens => tokens[700] = "")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_byte_has_a_token_of_the_byte_type()
    {
        Assert.Contains("<0x41> is missing", await ProblemAsync(await WithTokensAsync(tokens => tokens[Array.IndexOf(tokens, "<0x41>")] = "<0x4!>")), StringComparison.Ordinal);
        int[] types = await TypesAsync();
        types[Array.IndexOf(await TokensAsync(), "<0xFF>")] = 1;
        Assert.Contains("<0xFF> is missing", await ProblemAsync(new GgufEdits().With("tokenizer.ggml.token_type", types)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_the_byte_type_is_one_of_the_bytes()
    {
        int[] types = await TypesAsync();
        types[700] = 6;
        Assert.Contains("token 700 is of the type of bytes", await ProblemAsync(new GgufEdits().With("tokenizer.ggml.token_type", types)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public async Task Token_types_are_1_to_6(int type)
    {
        int[] types = await TypesAsync();
        types[500] = type;
        Assert.Contains($"token 500 has type {type}", await ProblemAsync(new GgufEdits().With("tokenizer.ggml.token_type", types)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_one_score_and_one_type_per_token()
    {
        Assert.Contains("scores has 2111 entries", await ProblemAsync(new GgufEdits().With("tokenizer.ggml.scores", new float[2111])), StringComparison.Ordinal);
        Assert.Contains("token_type has 1 entries", await ProblemAsync(new GgufEdits().With("tokenizer.ggml.token_type", new int[1])), StringComparison.Ordinal);
        Assert.Contains("tokens has 0 entries", await ProblemAsync(new GgufEdits().With(Tokens, Array.Empty<string>())), StringComparison.Ordinal);
        Assert.Contains("has the score NaN", await ProblemAsync(new GgufEdits().With("tokenizer.ggml.scores", Enumerable.Repeat(float.NaN, 2112).ToArray())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arrays_of_other_elements_are_refused()
    {
        Assert.Contains("array of float32", await ProblemAsync(new GgufEdits().With("tokenizer.ggml.scores", new int[2112])), StringComparison.Ordinal);
        Assert.Contains("array of int32", await ProblemAsync(new GgufEdits().With("tokenizer.ggml.token_type", new float[2112])), StringComparison.Ordinal);
        Assert.Contains("array of string", await ProblemAsync(new GgufEdits().With(Tokens, new int[2112])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_image_token_no_id_after_the_last_segmentation_token_is_generated()
    {
        TextModelLayout layout = await ReadAsync(await WithTokensAsync(tokens => tokens[2052] = "<other>"));
        string[] tokens = await TokensAsync();
        int lastSegmentation = Array.IndexOf(tokens, "<seg127>");
        Assert.Equal(lastSegmentation < 0 ? tokens.Length : lastSegmentation + 1, layout.ImageToken);
    }

    [Fact]
    public async Task An_image_token_among_the_text_tokens_is_refused() =>
        Assert.Contains("<image> has the id 0", await ProblemAsync(await WithTokensAsync(tokens => (tokens[0], tokens[2052]) = (tokens[2052], tokens[0]))), StringComparison.Ordinal);

    [Theory]
    [InlineData("blk.2.attn_q.weight")]
    [InlineData("blk.0.post_ffw_norm.weight")]
    [InlineData("output_norm.weight")]
    [InlineData("token_embd.weight")]
    public async Task A_missing_tensor_is_named(string name) =>
        Assert.Contains(name + " is missing", await ProblemAsync(new GgufEdits().WithoutTensor(name)), StringComparison.Ordinal);

    [Theory]
    [InlineData("token_embd.weight", GgmlType.F32, new long[] { 256, 2111 }, "[256, 2111], expected [256, 2112]")]
    [InlineData("blk.1.attn_k.weight", GgmlType.F32, new long[] { 128, 256 }, "[128, 256], expected [256, 128]")]
    [InlineData("blk.1.attn_k.weight", GgmlType.F32, new long[] { 256, 128, 2 }, "[256, 128, 2], expected [256, 128]")]
    [InlineData("blk.1.attn_norm.weight", GgmlType.F16, new long[] { 256 }, "F16, expected F32")]
    [InlineData("blk.1.ffn_up.weight", GgmlType.I32, new long[] { 256, 512 }, "I32")]
    [InlineData("blk.1.ffn_up.weight", GgmlType.Q8_K, new long[] { 256, 512 }, "Q8_K")]
    [InlineData("token_embd.weight", GgmlType.F64, new long[] { 256, 2112 }, "F64")]
    public async Task A_tensor_of_another_shape_or_type_is_named(string name, GgmlType type, long[] shape, string expected) =>
        Assert.Contains($"{name} is {expected}", await ProblemAsync(new GgufEdits().WithTensor(name, type, shape)), StringComparison.Ordinal);

    [Fact]
    public async Task Several_faults_are_listed_in_one_error()
    {
        string problem = await ProblemAsync(new GgufEdits().WithoutTensor("blk.0.attn_q.weight").WithoutTensor("blk.1.attn_v.weight").WithTensor("blk.2.ffn_norm.weight", GgmlType.F32, 255));
        Assert.EndsWith("blk.0.attn_q.weight is missing; blk.1.attn_v.weight is missing; blk.2.ffn_norm.weight is [255], expected [256].", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_faults_the_first_ten_are_listed()
    {
        string problem = await ProblemAsync(new GgufEdits().With("gemma2.block_count", 500u));
        Assert.EndsWith($"; and {(497 * 11) - 10} more.", problem, StringComparison.Ordinal);
        Assert.Equal(10, problem.Split(" is missing").Length - 1);
    }

    [Fact]
    public async Task A_width_unlike_the_tensors_is_refused() =>
        Assert.Contains("token_embd.weight is [256, 2112], expected [128, 2112]", await ProblemAsync(new GgufEdits().With("gemma2.embedding_length", 128u)), StringComparison.Ordinal);

    private static async Task<string> SourceAsync() => (await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).TextPath;

    private static async Task<string[]> TokensAsync()
    {
        using GgufFile file = GgufFile.Open(await SourceAsync());
        return [.. file.Metadata.GetStringArray(Tokens)];
    }

    private static async Task<int[]> TypesAsync()
    {
        using GgufFile file = GgufFile.Open(await SourceAsync());
        return file.Metadata.GetInt32Array("tokenizer.ggml.token_type").ToArray();
    }

    private static async Task<GgufEdits> WithTokensAsync(Action<string[]> change)
    {
        string[] tokens = await TokensAsync();
        change(tokens);
        return new GgufEdits().With(Tokens, tokens);
    }

    private async Task<TextModelLayout> ReadAsync(GgufEdits edits)
    {
        using GgufFile file = GgufFile.Open(edits.Write(await SourceAsync(), _folder.File("text.gguf")));
        return TextModelLayout.Read(file);
    }

    private async Task<string> ProblemAsync(GgufEdits edits)
    {
        ModelFormatException refusal = await Assert.ThrowsAsync<ModelFormatException>(() => ReadAsync(edits));
        Assert.StartsWith(_folder.File("text.gguf") + ": ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        return refusal.Problem;
    }
}
