using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Conversion;
using PaliGguf.Gguf;
using PaliGguf.Language;
using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

public sealed class ProductTapTests
{
    private const int Rows = 40;

    /// <summary>Instruction sets of this machine, and types of files: all of one type, and several mixed.</summary>
    public static TheoryData<string, ModelFileType> Ways()
    {
        TheoryData<string, ModelFileType> all = [];
        foreach (InstructionSet set in ProductProcessor.Available.Where(set => set != InstructionSet.Library))
        {
            foreach (ModelFileType type in new[] { ModelFileType.Q8_0, ModelFileType.Q4_K_M }) all.Add(set.ToString(), type);
        }

        return all;
    }

    [ProductTheory]
    [InlineData(ModelFileType.Q8_0)]
    [InlineData(ModelFileType.Q4_K_M)]
    public async Task A_decoder_is_multiplied_by_our_own_products_unless_the_library_is_asked_for(ModelFileType type)
    {
        using TextModel own = await Load(type, Models.OneThread);
        using TextModel library = await Load(type, Models.OneThread with { Products = MatrixProducts.Library });

        Assert.True(own.Weights.OwnProducts);
        Assert.False(library.Weights.OwnProducts);
    }

    [ProductFact]
    public async Task A_decoder_of_floats_is_the_librarys()
    {
        using TextModel floats = await Load(ModelFileType.F16, Models.OneThread);

        Assert.False(floats.Weights.OwnProducts);
    }

    [ProductTheory]
    [MemberData(nameof(Ways))]
    public async Task The_logits_are_those_of_the_librarys_products(string set, ModelFileType type)
    {
        float[][] own = await Logits(type, Models.OneThread, threads: 1, set);
        float[][] library = await Logits(type, Models.OneThread with { Products = MatrixProducts.Library }, threads: 1, set);

        foreach ((float[] ours, float[] theirs) in own.Zip(library))
        {
            Assert.NotEqual(theirs, ours);
            Assert.InRange(Similarity(ours, theirs), 0.9995, 1.0001);
        }
    }

    [ProductTheory]
    [MemberData(nameof(Ways))]
    public async Task The_number_of_threads_may_grow_and_changes_nothing(string set, ModelFileType type) =>
        Assert.Equal(await Logits(type, Models.OneThread, threads: 1, set), await Logits(type, Models.OneThread, threads: 3, set));

    [ProductTheory]
    [MemberData(nameof(Ways))]
    public async Task Sequences_side_by_side_are_decoded_as_each_alone(string set, ModelFileType type)
    {
        const int Sequences = 9;
        using TextModel model = await Load(type, Models.OneThread);
        using TextContext context = new(model, Options(Sequences, set), NullLogger.Instance);
        SequenceToken[] tokens =
            [.. Enumerable.Range(0, Sequences).Select(sequence => new SequenceToken(300 + (7 * sequence), 0, sequence))];
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

    private static TextContextOptions Options(int sequences, string set) =>
        new(256, sequences, 1, GgmlType.F16, Offload: false) { Instructions = Enum.Parse<InstructionSet>(set) };

    /// <summary>The logits behind a prefix, of three tokens after it, and of two sequences in one step.</summary>
    private static async Task<float[][]> Logits(ModelFileType type, ModelOptions options, int threads, string set)
    {
        using TextModel model = await Load(type, options);
        using TextContext context = new(model, Options(2, set), NullLogger.Instance);
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

    private static async Task<TextModel> Load(ModelFileType type, ModelOptions options)
    {
        GgufFile file = GgufFile.Open((await ConvertedModels.PaliNano(type)).TextPath);
        return TextModel.Load(file, TextModelLayout.Read(file), options, NullLogger.Instance, null, CancellationToken.None);
    }

    private static double Similarity(float[] one, float[] other) =>
        one.Zip(other, (x, y) => (double)x * y).Sum() / Math.Sqrt(one.Sum(x => (double)x * x) * other.Sum(x => (double)x * x));
}
