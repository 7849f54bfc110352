using System.Text.Json;
using PaliGguf.Training.Network;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Tests.Goldens;
using PaliGguf.Training.Tuning;
using PaliGguf.Training.Weights;
using static TorchSharp.torch;

namespace PaliGguf.Training.Tests;

/// <summary>Losses, gradients and trajectories against float64 references, within what single precision allows.</summary>
public sealed class GoldenCases
{
    private const double LossTolerance = 1e-4;
    private const double TrajectoryTolerance = 1e-3;
    private const double LargeStepTolerance = 1e-2;
    private static readonly LowRankForm Form = new(Rank: 4, Alpha: 8);

    public static TheoryData<string, string, bool> Batches
    {
        get
        {
            TheoryData<string, string, bool> all = [];
            foreach (string name in TrainingGolden.Names)
            {
                foreach (JsonProperty batch in TrainingGolden.Load(name).Values.GetProperty("batches").EnumerateObject())
                {
                    all.Add(name, batch.Name, false);
                    all.Add(name, batch.Name, true);
                }
            }

            return all;
        }
    }

    public static TheoryData<string, string> AllTrajectories
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (string name in TrainingGolden.Names)
            {
                JsonElement trajectories = TrainingGolden.Load(name).Trajectories;
                foreach (JsonProperty each in trajectories.EnumerateObject().Where(each => each.Name != "setup")) all.Add(name, each.Name);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public async Task Loss_and_every_gradient_are_those_of_the_reference(string name, string batchName, bool streamed)
    {
        TrainingGolden golden = TrainingGolden.Load(name);
        JsonElement expected = golden.Values.GetProperty("batches").GetProperty(batchName);
        using PairNetwork network = await golden.OpenAsync(new NetworkOptions { IsStreamed = streamed });
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyList<TrainedTensor> trained = new TuningPlan(TuningMethod.Full).Apply(network);
        Batch batch = golden.Batch(network, batchName);
        double[] weights = LossWeights.Of(LossMean.Tokens, [.. batch.Examples.Select(each => each.Suffix.Count)]);
        IReadOnlyList<float[]> losses = network.Accumulate(batch, weights);

        Assert.Equal(expected.GetProperty("loss").GetDouble(), Sum(losses, weights), LossTolerance);
        double[] byExamples = LossWeights.Of(LossMean.Examples, [.. batch.Examples.Select(each => each.Suffix.Count)]);
        Assert.Equal(expected.GetProperty("loss_mean_of_example_means").GetDouble(), Sum(losses, byExamples), LossTolerance);
        foreach ((JsonElement wanted, float[] found) in expected.GetProperty("nll_per_label").EnumerateArray().Zip(losses))
        {
            Assert.All(wanted.EnumerateArray().Zip(found), pair => Assert.Equal(pair.First.GetDouble(), pair.Second, 10 * LossTolerance));
        }

        JsonElement gradients = expected.GetProperty("gradients");
        Assert.Equal(
            gradients.EnumerateObject().Select(each => each.Name).Order(StringComparer.Ordinal),
            trained.Select(each => Statistics.Name(each.Name)).Order(StringComparer.Ordinal));
        Assert.Empty(trained.Select(each => (Name: Statistics.Name(each.Name), each.Value.grad))
            .Select(each => Statistics.Difference(each.Name, gradients.GetProperty(each.Name), each.grad!)).OfType<string>());
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public async Task Gradients_of_adapters_are_those_of_the_reference(string name, string batchName, bool streamed)
    {
        TrainingGolden golden = TrainingGolden.Load(name);
        JsonElement expected = golden.Values.GetProperty("lora").GetProperty("batches").GetProperty(batchName);
        using PairNetwork network = await golden.OpenAsync(new NetworkOptions { IsStreamed = streamed });
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyList<TrainedTensor> trained = new TuningPlan(TuningMethod.Lora) { Form = Form }.Apply(network);
        AdapterStart.Set(network.Linears);
        Batch batch = golden.Batch(network, batchName);
        double[] weights = LossWeights.Of(LossMean.Tokens, [.. batch.Examples.Select(each => each.Suffix.Count)]);
        Assert.Equal(expected.GetProperty("loss").GetDouble(), Sum(network.Accumulate(batch, weights), weights), LossTolerance);
        Assert.Equal(expected.GetProperty("grad_norm").GetDouble(), Gradients.Clip(trained, limit: null), TrajectoryTolerance);
        Assert.All(trained, each => Assert.True(
            Statistics.RelativeDistance(each.Value.grad!, golden.Arrays.Floats(
                $"{batchName}.grad.{Statistics.Name(each.Name)}")) < 1e-3, each.Name));
    }

    [Theory]
    [InlineData("tiny-g1")]
    [InlineData("tiny-g2")]
    public async Task Batches_add_up_to_one(string name)
    {
        TrainingGolden golden = TrainingGolden.Load(name);
        JsonElement expected = golden.Values.GetProperty("lora").GetProperty("accumulation");
        using PairNetwork network = await golden.OpenAsync();
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyList<TrainedTensor> trained = new TuningPlan(TuningMethod.Lora) { Form = Form }.Apply(network);
        AdapterStart.Set(network.Linears);
        int[][] parts = [
            .. expected.GetProperty("micro_batches").EnumerateArray()
            .Select(each => each.EnumerateArray().Select(number => number.GetInt32()).ToArray())];
        double[] weights = LossWeights.Of(
            LossMean.Tokens, [.. parts.SelectMany(part => part).Select(number => golden.Examples[number].Suffix.Count)]);
        double loss = 0;
        int first = 0;
        foreach (int[] part in parts)
        {
            double[] own = weights[first..(first += part.Length)];
            loss += Sum(network.Accumulate(golden.Batch(network, part), own), own);
        }

        JsonElement whole = expected.GetProperty("token_weighted");
        Assert.Equal(whole.GetProperty("loss").GetDouble(), loss, LossTolerance);
        Assert.Equal(whole.GetProperty("grad_norm").GetDouble(), Gradients.Clip(trained, limit: null), TrajectoryTolerance);
    }

    [Theory]
    [MemberData(nameof(AllTrajectories))]
    public async Task A_run_goes_where_the_reference_goes(string name, string trajectory)
    {
        TrainingGolden golden = TrainingGolden.Load(name);
        JsonElement expected = golden.Trajectories.GetProperty(trajectory);
        bool largeSteps = trajectory.StartsWith("attention_only_sgd", StringComparison.Ordinal);
        using PairNetwork network = await golden.OpenAsync(
            new NetworkOptions { WithoutFinalSoftCap = trajectory.EndsWith("big_vision", StringComparison.Ordinal) });
        using DisposeScope scope = NewDisposeScope();
        using ReferenceRun run = new(golden, network, trajectory);
        foreach ((int step, JsonElement loss) in expected.GetProperty("losses").EnumerateArray().Index())
        {
            double rate = expected.GetProperty("learning_rates")[step].GetDouble();
            Assert.Equal(rate, run.Rate(step), 1e-12);
            (double found, double norm) = run.Step(step);
            Assert.Equal(loss.GetDouble(), found, largeSteps ? LargeStepTolerance : TrajectoryTolerance);
            if (largeSteps) continue;
            double wantedNorm = expected.GetProperty("grad_norms_before_clipping")[step].GetDouble();
            Assert.Equal(wantedNorm, norm, 1e-3 * wantedNorm);
        }

        if (expected.TryGetProperty("losses_of_the_batches_after_training", out JsonElement after))
        {
            Assert.All(after.EnumerateArray().Index(), each =>
                Assert.Equal(each.Item.GetDouble(), run.Loss(each.Index), largeSteps ? LargeStepTolerance : TrajectoryTolerance));
        }

        if (expected.TryGetProperty("final", out JsonElement final))
        {
            string[] differences = [.. run.Differences(final)];
            Assert.True(differences.Length == 0, string.Join('\n', differences));
        }

        foreach (TrainedTensor each in run.Trained)
        {
            string array = $"{trajectory}.final.{Statistics.Name(each.Name)}";
            if (golden.Arrays.Names.Contains(array))
                Assert.True(Statistics.RelativeDistance(each.Value, golden.Arrays.Floats(array)) < 1e-3, array);
        }
    }

    private static double Sum(IReadOnlyList<float[]> losses, double[] weights) =>
        losses.Zip(weights, (each, weight) => each.Sum(loss => (double)loss) * weight).Sum();
}
