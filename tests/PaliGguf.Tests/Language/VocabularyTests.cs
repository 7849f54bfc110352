using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Conversion;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

/// <summary>Text and tokens are the library's own, which no longer reads the vocabulary where a model is loaded.</summary>
public sealed class VocabularyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Checkpoints => ["tiny-g1", "tiny-g2", "pali-nano"];

    /// <summary>Texts that the library treats in ways of their own, in sets that bear on each other.</summary>
    public static TheoryData<string[]> KnownTexts =>
    [
        ["<end_of_turn>", "</s>", "<start_of_turn>", "<EOT>", "[EOS]", "<|endoftext|>", "[e~[", "<\uFF5Cend\u2581of\u2581sentence\uFF5C>"],
        ["</s>", "<|tool_response>", "<turn|>"],
        ["<|end|>", "<|return|>", "<|call|>"],
        ["<|end|>", "<|flush|>", "<|calls|>"],
        ["<|end|>", "<|flush|>", "<|return|>", "<|channel|>", "<|start|>"],
        ["<PRE>", "<SUF>", "<MID>", "<PAD>", "<REPO>", "<|file_sep|>", "<unused7>"],
        ["\u2581<PRE>", "<fim_suffix>", "<|fim_middle|>", "[PAD]", "<reponame>", "<|message|>", "<|constrain|>"],
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public async Task Every_token_stands_for_the_bytes_that_the_library_gives(string checkpoint)
    {
        string path = await TextPathAsync(checkpoint);
        using LibraryVocabulary library = new(path);
        AssertSamePieces(library, Ours(path));
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public async Task Texts_have_the_tokens_that_the_library_gives(string checkpoint)
    {
        string path = await TextPathAsync(checkpoint);
        using LibraryVocabulary library = new(path);
        Vocabulary ours = Ours(path);
        string[] texts =
        [
            .. GoldenSet.Load("tiny-g2").Tokenizations.Select(pair => pair.Text),
            .. PaliNanoGoldens.Load().Select(answer => answer.Prompt + "\n"),
            .. PaliNanoGoldens.Load().Select(answer => answer.Text),
            "", " ", "\u2581", "\0", "a\0b", "\uD800", "\uDC00x\uD83D", "<loc0000><seg000>", "<loc00<loc0001>00>", "<0x41>", "<image><bos>", new string('\n', 100), new string(' ', 100),
        ];
        Assert.All(texts, text => Assert.Equal(library.Tokenize(text), ours.Tokenize(text)));
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public async Task Any_text_has_the_tokens_that_the_library_gives(string checkpoint)
    {
        string path = await TextPathAsync(checkpoint);
        using LibraryVocabulary library = new(path);
        Vocabulary ours = Ours(path);
        Prop.ForAll(Texts(), text => library.Tokenize(text).AsSpan().SequenceEqual(ours.Tokenize(text))).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ab ")]
    [InlineData("the cat\u2581sat on 12 mats, ")]
    [InlineData("แมวนั่งบนเสื่อ")]
    [InlineData("猫\U0001F600")]
    public async Task Long_texts_have_the_tokens_that_the_library_gives(string part)
    {
        string path = await TextPathAsync("pali-nano");
        using LibraryVocabulary library = new(path);
        string text = string.Concat(Enumerable.Repeat(part, 100_000 / part.Length)) + "<loc0001>" + part;
        Assert.Equal(library.Tokenize(text), Ours(path).Tokenize(text));
    }

    [Fact]
    public async Task A_long_text_of_line_feeds_is_cut_into_the_longest_runs()
    {
        // The library takes its time for so many pieces, so it is asked for a shorter one.
        string path = await TextPathAsync("tiny-g2");
        using LibraryVocabulary library = new(path);
        Vocabulary ours = Ours(path);
        string text = string.Concat(Enumerable.Range(0, 400).Select(i => new string('\n', i % 41) + (i % 3 == 0 ? "<loc0003> " : "  x")));
        Assert.Equal(library.Tokenize(text), ours.Tokenize(text));
        int[] many = ours.Tokenize(new string('\n', 100_000));
        Assert.Equal(100_000, many.Sum(token => ours.Piece(token).Length));
        Assert.InRange(many.Distinct().Count(), 1, 2);
    }

    [Theory]
    [MemberData(nameof(KnownTexts))]
    public async Task Tokens_that_the_library_knows_by_their_text_are_what_they_are_to_it(string[] texts)
    {
        string source = await TextPathAsync("tiny-g2");
        foreach (int type in new[] { 1, 3, 4, 5 })
        {
            using GgufFile file = GgufFile.Open(source);
            string[] tokens = [.. file.Metadata.GetStringArray("tokenizer.ggml.tokens")];
            int[] types = file.Metadata.GetInt32Array("tokenizer.ggml.token_type").ToArray();
            foreach ((int index, string known) in texts.Index())
            {
                int id = Array.IndexOf(tokens, known);
                if (id < 0) id = 1000 + index;
                (tokens[id], types[id]) = (known, type);
            }

            string path = new GgufEdits().With("tokenizer.ggml.tokens", tokens).With("tokenizer.ggml.token_type", types).Write(source, _folder.File($"known-{type}.gguf"));
            // Ours first: the library ends the process where it finds a token twice.
            Vocabulary ours = Ours(path);
            using LibraryVocabulary library = new(path);
            AssertSamePieces(library, ours);
            string text = "a " + string.Join(' ', texts) + string.Concat(texts);
            Assert.Equal(library.Tokenize(text), ours.Tokenize(text));
        }
    }

    [Fact]
    public async Task A_key_tells_which_token_is_meant_instead_of_its_text()
    {
        string source = await TextPathAsync("tiny-g2");
        using GgufFile file = GgufFile.Open(source);
        string[] tokens = [.. file.Metadata.GetStringArray("tokenizer.ggml.tokens")];
        (tokens[1000], tokens[1001], tokens[1002]) = ("<PRE>", "<SUF>", "<|file_sep|>");
        GgufEdits edits = new GgufEdits().With("tokenizer.ggml.tokens", tokens).With("tokenizer.ggml.prefix_token_id", 500u).With("tokenizer.ggml.fim_suf_token_id", 501u);
        string path = edits.Write(source, _folder.File("keys.gguf"));
        using LibraryVocabulary library = new(path);
        AssertSamePieces(library, Ours(path));
    }

    [Fact]
    public async Task Merging_prefers_the_better_score_and_then_the_left_as_the_library_does()
    {
        string source = await TextPathAsync("tiny-g2");
        Random random = new(5);
        for (int round = 0; round < 20; round++)
        {
            using GgufFile file = GgufFile.Open(source);
            string[] tokens = [.. file.Metadata.GetStringArray("tokenizer.ggml.tokens")];
            float[] scores = file.Metadata.GetSingleArray("tokenizer.ggml.scores").ToArray();
            int[] types = file.Metadata.GetInt32Array("tokenizer.ggml.token_type").ToArray();
            // One of each length: the order among several of the same length is the library's secret.
            foreach ((int id, string text) in new[] { (1000, "aba"), (1001, "bb"), (1002, "a b a"), (1003, " a b") }) (tokens[id], types[id]) = (text, 4);
            for (int id = 1004; id < 1400; id++)
            {
                // Few letters and few scores, so that most texts can be joined in many ways.
                string text = string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => "ab\u2581é"[random.Next(4)]));
                if (tokens.Contains(text)) continue;
                (tokens[id], scores[id], types[id]) = (text, random.Next(-3, 3) / 2f, random.Next(8) == 0 ? 5 : 1);
            }

            string path = new GgufEdits().With("tokenizer.ggml.tokens", tokens).With("tokenizer.ggml.scores", scores).With("tokenizer.ggml.token_type", types)
                .Write(source, _folder.File($"random-{round}.gguf"));
            Vocabulary ours = Ours(path);
            using LibraryVocabulary library = new(path);
            for (int i = 0; i < 100; i++)
            {
                string text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => "aaabbb  é\u2581x"[random.Next(11)]));
                Assert.Equal(library.Tokenize(text), ours.Tokenize(text));
            }
        }
    }

    private static Arbitrary<string> Texts()
    {
        Gen<string> part = Gen.OneOf(
            Gen.Elements(
                " ", "  ", "\n", "\n\n\n", "\t", "\0", "\r\n", "a", "e", "the", " cat", "segment ", "<loc0000>", "<loc1023>", "<seg000>", "<seg12", "<loc", ">", "<image>", "<bos>", "</s>", "\u2581",
                "\U0001F600", "\U0001F469\u200D\U0001F680", "猫が好き", "แมวน้อย", "ß", "é", "e\u0301", "\uD83D", "\uDE00", "\uFFFD", "<0x41>", "0", "1234"),
            Gen.Elements('a', ' ', '\n', 'é', '猫').SelectMany(letter => Gen.Choose(1, 200).Select(length => new string(letter, length))),
            ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""));
        return part.ListOf().Select(string.Concat).ToArbitrary();
    }

    private static void AssertSamePieces(LibraryVocabulary library, Vocabulary ours)
    {
        Assert.Equal(library.Count, ours.TokenCount);
        Assert.All(Enumerable.Range(0, library.Count), token => Assert.Equal(library.Piece(token), ours.Piece(token)));
    }

    private static async Task<string> TextPathAsync(string checkpoint) =>
        (await (checkpoint == "pali-nano" ? ConvertedModels.PaliNano(ModelFileType.Q8_0) : ConvertedModels.Golden(checkpoint, ModelFileType.F32))).TextPath;

    private static Vocabulary Ours(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return new Vocabulary(TokenizerLayout.Read(file));
    }
}
