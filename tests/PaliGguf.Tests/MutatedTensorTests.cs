using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Tests;

/// <summary>
/// Whatever a file's directory says of a tensor, the pair answers as it did, or is refused with one line that names the tensor: an
/// assertion of the library would end the process, and with it this test.
/// </summary>
public sealed class MutatedTensorTests : IDisposable
{
    private static readonly long[] Sizes = [0, 1, 2, 3, -1, long.MinValue, long.MaxValue, 1L << 31, 1L << 32, (1L << 62) + 1];
    private readonly TemporaryFolder _folder = new();

    public enum Half
    {
        Text,
        Vision,
    }

    public static TheoryData<GgmlType> Types => [.. Enum.GetValues<GgmlType>()];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Half.Text)]
    [InlineData(Half.Vision)]
    public async Task Dimensions_of_1_behind_the_others_mean_nothing(Half half)
    {
        ModelFiles pair = ModelFiles.Find(Repository.PaliNano);
        using TensorDirectory directory = Open(pair, half);
        Assert.Equal(await AnswerAsync(pair), await AnswerAsync(With(pair, half, directory.Path)));
    }

    [Theory]
    [InlineData(Half.Text)]
    [InlineData(Half.Vision)]
    public Task Each_dimension_of_each_tensor_is_checked(Half half) => AssertAllRefusedAsync(half, tensor =>
        from axis in Enumerable.Range(0, 4)
        let right = Size(tensor, axis)
        from size in Sizes.Concat([right + 1, right - 1, right * 2, right / 2])
        where size != right
        select new Mutation($"{size} for dimension {axis}", directory => directory.SetDimension(tensor.Name, axis, size)));

    [Theory]
    [InlineData(Half.Text)]
    [InlineData(Half.Vision)]
    public Task Dimensions_in_another_order_are_refused(Half half) => AssertAllRefusedAsync(half, tensor =>
        from order in new int[][] { [1, 0, 2, 3], [1, 2, 3, 0], [3, 0, 1, 2], [3, 2, 1, 0], [0, 2, 1, 3], [0, 1, 3, 2] }
        where order.Index().Any(moved => Size(tensor, moved.Item) != Size(tensor, moved.Index))
        select new Mutation($"the order {string.Join(", ", order)}", directory =>
        {
            for (int axis = 0; axis < 4; axis++) directory.SetDimension(tensor.Name, axis, Size(tensor, order[axis]));
        }));

    [Theory]
    [InlineData(Half.Text)]
    [InlineData(Half.Vision)]
    public Task Counts_of_dimensions_are_checked(Half half) => AssertAllRefusedAsync(half, tensor =>
        from count in new[] { 0, 5, -1, int.MaxValue }
        select new Mutation($"{count} dimensions", directory => directory.SetDimensionCount(tensor.Name, count)));

    [Theory]
    [InlineData(Half.Text)]
    [InlineData(Half.Vision)]
    public Task Offsets_are_checked(Half half) => AssertAllRefusedAsync(half, tensor =>
        from offset in new[] { -1, 1, 16, 1L << 40, long.MaxValue }
        select new Mutation($"offset {offset}", directory => directory.SetOffset(tensor.Name, offset)));

    /// <summary>BF16 in place of F16 has the same bytes: other numbers, but a model.</summary>
    [Theory]
    [InlineData(Half.Text)]
    [InlineData(Half.Vision)]
    public Task A_type_that_does_not_fit_the_bytes_is_refused(Half half) => AssertAllRefusedAsync(half, tensor =>
        from type in Enumerable.Range(-1, 48).Append(int.MaxValue)
        where type != (int)tensor.Type && (tensor.Type, type) != (GgmlType.F16, (int)GgmlType.BF16)
        select new Mutation($"type {type}", directory => directory.SetType(tensor.Name, type)));

    /// <summary>Zeros of a type, wherever its rows can be; the numbers of the good file would only cost time.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public async Task All_tensors_of_the_tower_may_be_of_a_type(GgmlType type)
    {
        ModelFiles pair = ModelFiles.Find(Repository.PaliNano);
        string vision =
            Zeros(pair.Vision, type, Tensors(pair.Vision).Where(tensor => !tensor.Name.StartsWith("mask.", StringComparison.Ordinal)));
        await AssertAnswersOrIsRefusedAsync(pair with { Vision = vision });
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task All_tensors_of_the_decoder_s_layers_may_be_of_a_type(GgmlType type)
    {
        ModelFiles pair = ModelFiles.Find(Repository.PaliNano);
        foreach (bool norms in new[] { false, true })
        {
            string text = Zeros(pair.Text, type,
                Tensors(pair.Text)
                    .Where(tensor => tensor.Name.StartsWith("blk.", StringComparison.Ordinal) && tensor.Shape.Length == 1 == norms));
            await AssertAnswersOrIsRefusedAsync(pair with { Text = text });
        }
    }

    private string Zeros(string source, GgmlType type, IEnumerable<GgufTensor> tensors) => tensors
        .Where(tensor => tensor.RowLength % type.BlockSize == 0)
        .Aggregate(new GgufEdits(), (edits, tensor) => edits.WithTensor(tensor.Name, type, [.. tensor.Shape]))
        .Write(source, _folder.File("zeros.gguf"));

    private static async Task AssertAnswersOrIsRefusedAsync(ModelFiles pair)
    {
        try
        {
            await AnswerAsync(pair);
        }
        catch (PaliException refusal)
        {
            Assert.DoesNotContain('\n', refusal.Message);
        }
    }

    private async Task AssertAllRefusedAsync(Half half, Func<GgufTensor, IEnumerable<Mutation>> mutations)
    {
        ModelFiles pair = ModelFiles.Find(Repository.PaliNano);
        using TensorDirectory directory = Open(pair, half);
        foreach (GgufTensor tensor in Tensors(half == Half.Text ? pair.Text : pair.Vision))
        {
            foreach (Mutation mutation in mutations(tensor))
            {
                mutation.Apply(directory);
                await AssertRefusedAsync(With(pair, half, directory.Path), tensor.Name, mutation.What);
                directory.Restore(tensor.Name);
            }
        }
    }

    private static long Size(GgufTensor tensor, int axis) => axis < tensor.Shape.Length ? tensor.Shape[axis] : 1;

    private TensorDirectory Open(ModelFiles pair, Half half) =>
        TensorDirectory.Write(half == Half.Text ? pair.Text : pair.Vision, _folder.File("mutated.gguf"));

    private static ModelFiles With(ModelFiles pair, Half half, string path) =>
        half == Half.Text ? pair with { Text = path } : pair with { Vision = path };

    private static IReadOnlyList<GgufTensor> Tensors(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return [.. file.Tensors];
    }

    private static async Task AssertRefusedAsync(ModelFiles pair, string named, string mutation)
    {
        ModelFormatException? refusal = null;
        try
        {
            await AnswerAsync(pair);
        }
        catch (ModelFormatException failure)
        {
            refusal = failure;
        }

        Assert.True(refusal is not null, $"{named} with {mutation} was taken");
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    private static async Task<IReadOnlyList<int>> AnswerAsync(ModelFiles pair)
    {
        using PaliModel model =
            await PaliModel.LoadAsync(pair.Text, Models.OneThread with { VisionPath = pair.Vision, ContextLength = 256 });
        GenerationRequest request =
            new() { Images = [RgbImage.FromRgb([250, 120, 30], 1, 1)], Prompt = "caption en", MaxTokens = 6, IgnoreEos = true };
        return (await model.GenerateAsync(request).Result).Tokens;
    }

    private sealed record Mutation(string What, Action<TensorDirectory> Apply);
}
