using PaliGguf.Conversion;
using PaliGguf.Evaluation.Encoders;
using PaliGguf.Evaluation.Metrics.Bert;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Encoders;

public sealed class BertEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    public async Task States_are_those_of_a_plain_forward_pass(int seed, int layer)
    {
        BertFolder bert = BertFolder.Random(seed);
        using BertEncoder encoder = await Load(bert, layer);
        int[][] texts = [[2, 5, 6, 7, 3], [2, 3], [2, .. Enumerable.Range(0, 38).Select(i => 5 + (i % 9)), 3]];

        IReadOnlyList<BertText> encoded = encoder.Encode(texts);

        Assert.Equal(layer, encoder.Layer);
        PlainBert plain = new(bert);
        foreach ((int[] tokens, BertText text) in texts.Zip(encoded))
        {
            double[][] states = plain.States(tokens, layer);
            for (int i = 0; i < tokens.Length; i++) AssertSame(states[i], text.Direction(i).ToArray(), 2e-6);
        }
    }

    [Fact]
    public async Task A_text_has_the_same_states_beside_others_and_in_any_batch()
    {
        using BertEncoder encoder = await Load(BertFolder.Random(4), layer: 2);
        int[][] texts = [.. Enumerable.Range(0, 200).Select(i => (int[])[2, .. Enumerable.Range(0, i % 30).Select(j => 5 + ((i + j) % 9)), 3])];

        IReadOnlyList<BertText> together = encoder.Encode(texts);

        Assert.Equal(texts, together.Select(text => text.Tokens.ToArray()));
        foreach (int i in new[] { 0, 29, 77, 199 })
        {
            BertText alone = encoder.Encode([texts[i]])[0];
            for (int token = 0; token < texts[i].Length; token++)
            {
                AssertSame([.. alone.Direction(token).ToArray().Select(x => (double)x)], together[i].Direction(token).ToArray(), 2e-6);
            }
        }
    }

    [Fact]
    public async Task Texts_and_tokens_that_the_model_has_no_place_for_are_refused_before_the_library_sees_them()
    {
        using BertEncoder encoder = await Load(BertFolder.Random(5, positions: 8), layer: 1);

        Assert.Equal(8, encoder.MaxTokens);
        Assert.Equal(8, encoder.Tokenize("a a a a a a a a a a a a").Length);
        Assert.Throws<ArgumentException>(() => encoder.Encode([[2, 5, 5, 5, 5, 5, 5, 5, 3]]));
        Assert.Throws<ArgumentException>(() => encoder.Encode([[2]]));
        Assert.Throws<ArgumentException>(() => encoder.Encode([[2, 14, 3]]));
        Assert.Throws<ArgumentException>(() => encoder.Encode([[2, -1, 3]]));
    }

    [Fact]
    public async Task A_text_has_at_most_512_tokens_however_many_positions_there_are()
    {
        using BertEncoder encoder = await Load(BertFolder.Random(6, layers: 1, positions: 600), layer: 1);

        int[] tokens = encoder.Tokenize(string.Concat(Enumerable.Repeat("a b ", 1000)));

        Assert.Equal((512, 2, 3), (tokens.Length, tokens[0], tokens[^1]));
        Assert.Equal(512, Assert.Single(encoder.Encode([tokens])).Tokens.Count);
    }

    [Theory]
    [InlineData(ModelFileType.F16)]
    [InlineData(ModelFileType.Q8_0)]
    public async Task Smaller_types_come_close(ModelFileType type)
    {
        BertFolder bert = BertFolder.Random(7, width: 64, inner: 64);
        using BertEncoder exact = await Load(bert, layer: 3);
        using BertEncoder smaller = await Load(bert, layer: 3, type);

        double f = BertScore.Of(exact.Encode([[2, 5, 6, 7, 3]])[0], smaller.Encode([[2, 5, 6, 7, 3]])[0]).F;

        Assert.InRange(f, 0.995, 0.9999999);
    }

    [Fact]
    public async Task Weights_that_are_no_numbers_are_an_error()
    {
        BertFolder bert = BertFolder.Random(8);
        Array.Fill(bert.Tensors["encoder.layer.0.output.LayerNorm.weight"].Data, 3e38f);
        using BertEncoder encoder = await Load(bert, layer: 1);

        Assert.Contains("not finite", Assert.Throws<InferenceException>(() => encoder.Encode([[2, 5, 3]])).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<BertEncoder> Load(BertFolder bert, int layer, ModelFileType type = ModelFileType.F32)
    {
        BertConversionResult result = await BertConverter.ConvertAsync(new BertConversionOptions
        {
            Source = bert.Save(_folder.File("bert")),
            OutputFolder = _folder.File("out"),
            Layer = layer,
            Type = type,
        });
        return BertEncoder.Load(result.Path);
    }

    private static void AssertSame(double[] state, float[] direction, double tolerance)
    {
        double norm = Math.Sqrt(state.Sum(x => x * x));
        for (int i = 0; i < state.Length; i++) Assert.Equal(state[i] / norm, direction[i], tolerance);
    }
}
