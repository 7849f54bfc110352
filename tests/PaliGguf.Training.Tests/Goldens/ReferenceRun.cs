using System.Text.Json;
using PaliGguf.Training.Network;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Tuning;
using PaliGguf.Training.Weights;
using static TorchSharp.torch;

namespace PaliGguf.Training.Tests.Goldens;

/// <summary>A run of a few steps as a trajectory of the goldens describes it.</summary>
internal sealed class ReferenceRun : IDisposable
{
    private const int BatchSize = 2, ExampleCount = 8;

    private readonly TrainingGolden _golden;
    private readonly PairNetwork _network;
    private readonly IOptimizer _optimizer;
    private readonly Dictionary<string, Tensor> _start;
    private readonly Dictionary<int, Tensor> _softTokens = [];
    private readonly Schedule _schedule;
    private readonly double _rate;
    private readonly double? _limit;
    private readonly LossMean _mean;

    public ReferenceRun(TrainingGolden golden, PairNetwork network, string name)
    {
        (_golden, _network) = (golden, network);
        JsonElement expected = golden.Trajectories.GetProperty(name);
        int steps = expected.GetProperty("losses").GetArrayLength();
        double Number(string key, double other) =>
            expected.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble()
            : other;
        bool isSgd = name.StartsWith("attention_only_sgd", StringComparison.Ordinal);
        bool clipped = !expected.TryGetProperty("max_grad_norm", out JsonElement limit) || limit.ValueKind == JsonValueKind.Number;
        LowRankForm form = new(Rank: 4, Alpha: 8, RankStabilized: name.EndsWith("rslora", StringComparison.Ordinal));
        AdapterTargets targets = name is "all_linear_rslora" or "lora_in_decoder_tower_and_projector"
            ? AdapterTargets.AllLinear
            : AdapterTargets.QueryValue;
        Trained = new TuningPlan(isSgd ? TuningMethod.Attention : TuningMethod.Lora)
        {
            Form = form,
            Targets = targets,
            AdaptsTower = name == "lora_in_decoder_tower_and_projector",
        }.Apply(network);
        if (name == "lora_with_tower_and_projector_trained")
            Trained = [.. Trained, .. TuningPlan.Train(network.VisionWeights, rateFactor: 0.1)];
        AdapterStart.Set(network.Linears, zeroB: name == "lora_b_zero_start");
        _start = Trained.ToDictionary(each => each.Name, each => each.Value.detach().clone(), StringComparer.Ordinal);
        _rate = isSgd ? Number("base_learning_rate", 0) : Number("lr", 1e-3);
        _limit = clipped && !isSgd ? 1 : null;
        _mean = name.EndsWith("big_vision", StringComparison.Ordinal) ? LossMean.Examples : LossMean.Tokens;
        _schedule = isSgd ? new Schedule(ScheduleKind.Cosine, steps, 0.1)
            : expected.TryGetProperty("warmup_steps", out _) ? new Schedule(ScheduleKind.Linear, steps, 0.1)
            : new Schedule(ScheduleKind.Constant, steps);
        _optimizer = isSgd ? new Sgd(Trained) : new AdamW(Trained, new AdamSettings(WeightDecay: Number("weight_decay", 0)));
    }

    public IReadOnlyList<TrainedTensor> Trained { get; }

    public double Rate(int step) => _rate * _schedule.Factor(step);

    public (double Loss, double Norm) Step(int step)
    {
        using DisposeScope scope = NewDisposeScope();
        Batch batch = Batch(step);
        double[] weights = Weights(batch);
        Gradients.Clear(Trained);
        double loss = Sum(_network.Accumulate(batch, weights), weights);
        double norm = Gradients.Clip(Trained, _limit);
        _optimizer.Step(Rate(step));
        return (loss, norm);
    }

    public double Loss(int step)
    {
        using DisposeScope scope = NewDisposeScope();
        Batch batch = Batch(step);
        return Sum(_network.Evaluate(batch), Weights(batch));
    }

    /// <summary>In what the trained tensors differ from those that the reference ends with.</summary>
    public IEnumerable<string> Differences(JsonElement final)
    {
        foreach (JsonProperty each in final.EnumerateObject())
        {
            Tensor value = Trained.Single(trained => Statistics.Name(trained.Name) == each.Name).Value;
            bool isChange = each.Value.TryGetProperty("change", out JsonElement change);
            string? difference = isChange
                ? Statistics.Difference(each.Name, change, value - _start[TrainedName(each.Name)], samples: false)
                : Statistics.DifferenceAfterSteps(each.Name, each.Value, value);
            if (difference is not null) yield return difference;
        }
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        foreach (Tensor each in (Tensor[])[.. _start.Values, .. _softTokens.Values]) each.Dispose();
    }

    private Batch Batch(int step)
    {
        int[] numbers = [BatchSize * step % ExampleCount, ((BatchSize * step) + 1) % ExampleCount];
        return _network.TrainsTower
            ? _golden.Batch(_network, numbers)
            : new Batch([.. numbers.Select(number => _golden.Examples[number])], Pixels: null, cat([.. numbers.Select(SoftTokens)], 0));
    }

    private Tensor SoftTokens(int number)
    {
        if (!_softTokens.TryGetValue(number, out Tensor? known))
        {
            _softTokens[number] = known = _network.SoftTokens(_golden.Batch(_network, number).Pixels!).DetachFromDisposeScope();
        }

        return known;
    }

    private double[] Weights(Batch batch) => LossWeights.Of(_mean, [.. batch.Examples.Select(each => each.Suffix.Count)]);

    private string TrainedName(string name) => Trained.Single(trained => Statistics.Name(trained.Name) == name).Name;

    private static double Sum(IReadOnlyList<float[]> losses, double[] weights) =>
        losses.Zip(weights, (each, weight) => each.Sum(loss => (double)loss) * weight).Sum();
}
