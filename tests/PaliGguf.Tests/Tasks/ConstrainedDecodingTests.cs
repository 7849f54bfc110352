using PaliGguf.Conversion;
using PaliGguf.Imaging;
using PaliGguf.Language;
using PaliGguf.Tasks;

namespace PaliGguf.Tests.Tasks;

public sealed class ConstrainedDecodingTests
{
    private static readonly string[] Labels = ["cat", "traffic light", "cat food"];

    [Theory]
    [InlineData("tiny-g1", 0)]
    [InlineData("tiny-g2", 1)]
    public async Task Models_that_know_nothing_give_well_formed_answers_about_200_pictures(string name, int firstSegment)
    {
        int[] budgets = [1, 4, 5, 6, 7, 8, 12, 20, 21, 23, 24, 30];
        using PaliModel model = await Models.LoadAsync(ConvertedModels.Golden(name, ModelFileType.F32), Models.OneThread with { Sequences = 4 });
        int instances = 0;
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (index, cancellationToken) =>
        {
            bool segment = index % 2 == firstSegment;
            GenerationRequest request = Request(Picture(index), Labels, segment) with
            {
                MaxTokens = budgets[index / 2 % budgets.Length],
                Sampling = new SamplingOptions { Temperature = index % 3, Seed = index },
            };
            GenerationResult result = await model.GenerateAsync(request, cancellationToken).Result;
            Assert.InRange(result.Tokens.Count, 0, request.MaxTokens);
            Assert.True(AnswerForm.IsWellFormed(result.Text, Labels, segment), result.Text);
            Interlocked.Add(ref instances, result.Text.Count(character => character == '>') / (segment ? 20 : 4));
        });
        Assert.InRange(instances, 50, 2000);
    }

    [Fact]
    public async Task Answers_that_are_well_formed_anyway_stay_as_they_are()
    {
        using PaliModel model = await PaliModel.LoadAsync(Repository.PaliNano, Models.OneThread);
        int same = 0;
        foreach (NanoAnswer golden in PaliNanoGoldens.Load())
        {
            bool segment = golden.Prompt.StartsWith("segment ", StringComparison.Ordinal);
            if (!segment && !golden.Prompt.StartsWith("detect ", StringComparison.Ordinal)) continue;
            string[] labels = golden.Prompt[golden.Prompt.IndexOf(' ', StringComparison.Ordinal)..].Split(';', StringSplitOptions.TrimEntries);
            GenerationRequest request = Request(ImageFile.Load(golden.Image), labels, segment);
            Assert.Equal(golden.Prompt, request.Prompt);
            GenerationResult free = await model.GenerateAsync(request with { Constraint = null }).Result;
            GenerationResult constrained = await model.GenerateAsync(request).Result;
            Assert.True(AnswerForm.IsWellFormed(constrained.Text, labels, segment), constrained.Text);
            if (!AnswerForm.IsWellFormed(free.Text, labels, segment)) continue;
            Assert.Equal(free.Tokens, constrained.Tokens);
            Assert.Equal(free.LogProbabilities, constrained.LogProbabilities);
            same++;
        }

        Assert.InRange(same, 25, 117);
    }

    [Fact]
    public async Task Location_steps_keep_the_distribution_over_the_bins()
    {
        using PaliModel model = await PaliModel.LoadAsync(Repository.PaliNano, Models.OneThread);
        NanoAnswer golden = PaliNanoGoldens.Load().First(answer => answer.Prompt == "detect turtle");
        // An instance for certain, because a search prefers the empty answer: a box is one of very many, and each of them improbable.
        GenerationRequest request = Request(ImageFile.Load(golden.Image), ["turtle"], segment: false) with
        {
            Constraint = pieces => new InstanceRules(pieces, ["turtle"], 0).NextInstance(),
        };
        foreach (int beams in new[] { 1, 3 })
        {
            GenerationResult result = await model.GenerateAsync(request with { Beams = beams }).Result;
            int[] bins = PaliNanoGoldens.Boxes(result.Text).SelectMany(box => box).ToArray();
            Assert.Equal(4, bins.Length);
            Assert.Equal(result.Tokens.Count, result.Observations.Count);
            Assert.All(result.Observations.Skip(4), Assert.Null);
            for (int step = 0; step < 4; step++)
            {
                LocationDistribution location = new(result.Observations[step]!);
                Assert.Equal(MathF.Exp(result.LogProbabilities[step]), location.MassWithin(bins[step], 0), 1e-5f);
                Assert.InRange(location.MassWithin(bins[step], 40), 0.5f, location.Mass + 1e-5f);
                Assert.Equal(location.Mass, location.MassWithin(bins[step], 1024), 1e-5f);
                Assert.InRange(location.ExpectedBin, bins[step] - 60, bins[step] + 60);
            }
        }
    }

    private static GenerationRequest Request(RgbImage image, string[] labels, bool segment) => new()
    {
        Images = [image],
        Prompt = segment ? Prompts.Segment(labels) : Prompts.Detect(labels),
        Constraint = (segment ? InstanceGrammar.Segment(labels) : InstanceGrammar.Detect(labels)).Start,
        Observed = InstanceTokens.Locations,
    };

    private static RgbImage Picture(int seed)
    {
        byte[] pixels = new byte[12 * 12 * 3];
        new Random(seed).NextBytes(pixels);
        return new RgbImage(12, 12, pixels);
    }
}
