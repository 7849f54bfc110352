using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Tests.Products;

public sealed class ProductTapTests
{
    private const int Rows = 40;

    [ProductFact]
    public void A_quantized_decoder_is_multiplied_by_our_own_products_unless_the_library_is_asked_for()
    {
        using TextModel own = Load(Models.OneThread);
        using TextModel library = Load(Models.OneThread with { Products = MatrixProducts.Library });

        Assert.True(own.OwnProducts);
        Assert.False(library.OwnProducts);
    }

    [ProductFact]
    public void The_logits_are_those_of_the_librarys_products()
    {
        float[][] own = Logits(Models.OneThread, threads: 1);
        float[][] library = Logits(Models.OneThread with { Products = MatrixProducts.Library }, threads: 1);

        foreach ((float[] ours, float[] theirs) in own.Zip(library))
        {
            Assert.NotEqual(theirs, ours);
            Assert.InRange(Similarity(ours, theirs), 0.9998, 1);
        }
    }

    [ProductFact]
    public void The_number_of_threads_may_grow_and_changes_nothing() => Assert.Equal(Logits(Models.OneThread, threads: 1), Logits(Models.OneThread, threads: 3));

    [ProductFact]
    public void Sequences_side_by_side_are_decoded_as_each_alone()
    {
        using TextModel model = Load(Models.OneThread);
        using TextContext context = new(model, new TextContextOptions(256, 5, 1, GgmlType.F16, Offload: false), NullLogger.Instance);
        SequenceToken[] tokens = [.. Enumerable.Range(0, 5).Select(sequence => new SequenceToken(300 + (7 * sequence), 0, sequence))];
        float[][] alone = [.. tokens.Select(token =>
        {
            context.DecodeTokens([token]);
            float[] logits = context.Logits(0).ToArray();
            context.Remove(token.Sequence);
            return logits;
        })];

        context.DecodeTokens(tokens);

        for (int row = 0; row < tokens.Length; row++) Assert.Equal(alone[row], context.Logits(row).ToArray());
    }

    /// <summary>The logits behind a prefix, of three tokens after it, and of two sequences in one step.</summary>
    private static float[][] Logits(ModelOptions options, int threads)
    {
        using TextModel model = Load(options);
        using TextContext context = new(model, new TextContextOptions(256, 2, 1, GgmlType.F16, Offload: false), NullLogger.Instance);
        context.Threads = threads;
        float[] prefix = new float[Rows * model.Embeddings.Length];
        model.Embeddings.CopyRows([.. Enumerable.Range(1000, Rows)], prefix);
        List<float[]> logits = [];
        context.DecodePrefix(prefix, Rows, 0);
        logits.Add(context.Logits(Rows - 1).ToArray());
        for (int step = 0; step < 3; step++)
        {
            context.DecodeTokens([new SequenceToken(500 + step, Rows + step, 0)]);
            logits.Add(context.Logits(0).ToArray());
        }

        context.DecodePrefix(prefix, Rows, 1);
        context.DecodeTokens([new SequenceToken(600, Rows + 3, 0), new SequenceToken(601, Rows, 1)]);
        logits.Add(context.Logits(0).ToArray());
        logits.Add(context.Logits(1).ToArray());
        return [.. logits];
    }

    private static TextModel Load(ModelOptions options)
    {
        GgufFile file = GgufFile.Open(Path.Combine(Repository.PaliNano, "pali-nano-Q8_0.gguf"));
        return TextModel.Load(file, TextModelLayout.Read(file), options, NullLogger.Instance, null, CancellationToken.None);
    }

    private static double Similarity(float[] one, float[] other) =>
        one.Zip(other, (x, y) => (double)x * y).Sum() / Math.Sqrt(one.Sum(x => (double)x * x) * other.Sum(x => (double)x * x));
}
