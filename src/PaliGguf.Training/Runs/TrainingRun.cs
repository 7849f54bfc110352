using System.Diagnostics;
using PaliGguf.Training.Examples;
using PaliGguf.Training.Network;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Runs;

/// <summary>
/// A run from its first step, or from where an earlier process has stopped, to its last. All random numbers follow from the seed and the
/// step, so that a run that was ended goes on to the numbers of one that was not.
/// </summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly TrainingSettings _settings;
    private readonly IRunObserver _observer;
    private readonly PairNetwork _network;
    private readonly IReadOnlyList<TrainedTensor> _trained;
    private readonly IOptimizer _optimizer;
    private readonly RunData _data;
    private readonly BatchOrder _order;
    private readonly BatchBuilder _builder;
    private readonly Validation _validation;
    private readonly SoftTokenFile? _softTokens;
    private readonly Checkpoint _checkpoint;

    /// <summary>Opens the model, reads the data, and makes sure that the folder holds no other run.</summary>
    /// <param name="settings">The run.</param>
    /// <param name="observer">Told of what happens.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="PaliException">Model, data or folder are not as they should be; says what is wrong.</exception>
    public TrainingRun(TrainingSettings settings, IRunObserver observer, CancellationToken cancellationToken)
    {
        (_settings, _observer) = (settings, observer);
        settings.LoadTorch();
        _network = PairNetwork.Open(settings.Model, settings.Network);
        _data = RunData.Read(settings, _network, observer, cancellationToken);
        IReadOnlyList<int> lengths = [.. _data.Examples.Select(each => each.Tokens.Prefix.Count + each.Tokens.Suffix.Count)];
        IReadOnlyList<string>? pictures = settings.KeepsPicturesTogether ? [.. _data.Examples.Select(each => each.Picture.Name)] : null;
        _order = new BatchOrder(lengths, settings.BatchSize, settings.Seed, pictures);
        Steps = settings.Steps ?? ((long)settings.Epochs * _order.StepsPerEpoch);
        _trained = settings.Plan.Apply(_network);
        _optimizer = settings.MakeOptimizer(_trained);
        Directory.CreateDirectory(settings.Output);
        RunFacts.Claim(settings.Output, settings.Facts(Steps, _data.Fingerprint, get_num_threads()));
        _softTokens = settings.KeepsSoftTokens ? _data.KeepSoftTokens(settings, _network) : null;
        _builder = new BatchBuilder(_network, _softTokens);
        _validation = new Validation(_network, _builder, _data, settings.MicroBatchSize, observer);
        _checkpoint = new Checkpoint(settings.Output, _trained, _optimizer);
    }

    /// <summary>The steps of the run.</summary>
    public long Steps { get; }

    /// <summary>What is trained.</summary>
    public IReadOnlyList<TrainedTensor> Trained => _trained;

    /// <summary>The model.</summary>
    public PairNetwork Network => _network;

    /// <summary>
    /// Trains to the last step, or until nothing gets better, and leaves the best weights in the model: the last ones where nothing
    /// was validated.
    /// </summary>
    /// <param name="cancellationToken">Saves the run and ends it.</param>
    /// <exception cref="PaliException">A loss or a gradient is no number, or something can not be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and saved.</exception>
    public RunState Run(CancellationToken cancellationToken)
    {
        if (_settings.Finishes && !_checkpoint.Exists)
        {
            throw new PaliException($"{_settings.Output}: no run of these options was saved there, so there is nothing to finish.");
        }

        RunState state = _checkpoint.Exists ? _checkpoint.Load() : new RunState(0);
        using MetricsFile metrics = MetricsFile.Open(_settings.Output, state);
        long parameters = _trained.Sum(each => each.Value.numel());
        _observer.Begin(new RunStart(state.Step, Steps, parameters, _data.Examples.Count, _data.Shown));
        Schedule schedule = new(_settings.Schedule, Steps, _settings.WarmUp);
        long saved = state.Step;
        try
        {
            while (true)
            {
                if (IsMeasured(state)) state = Validate(state, metrics, cancellationToken);
                bool isLast = _settings.Finishes || state.Step >= Steps || state.Worse >= _settings.Patience;
                if (state.Step > saved && (isLast || state.Step % _settings.SaveEvery == 0)) Save();
                if (isLast) break;
                StepReport report = Step(state.Step, _settings.Rate * schedule.Factor(state.Step), cancellationToken);
                state = state with { Step = state.Step + 1 };
                metrics.Append(report);
                _observer.Step(report);
            }
        }
        catch (OperationCanceledException)
        {
            if (state.Step > saved) Save();
            throw;
        }

        if (_checkpoint.HasBest && state.BestLoss is not null) _checkpoint.LoadBest();
        foreach (string damaged in _builder.Damaged) _observer.Broken(damaged);
        return state;

        void Save()
        {
            _checkpoint.Save(state);
            _observer.Saved(saved = state.Step);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _softTokens?.Dispose();
        _optimizer.Dispose();
        _network.Dispose();
    }

    // Also before the first step, and where a run was ended in the midst of it.
    private bool IsMeasured(RunState state) => _data.Validation.Count > 0 && state.Measured < state.Step
        && (_settings.Finishes || state.Step == Steps || state.Step % (_settings.ValidateEvery ?? _order.StepsPerEpoch) == 0);

    private StepReport Step(long step, double rate, CancellationToken cancellationToken)
    {
        Stopwatch time = Stopwatch.StartNew();
        IReadOnlyList<LoadedExample> loaded = _builder.Load(_order.Of(step).Select(number => _data.Examples[number]), cancellationToken);
        if (_data.Augmenter is { } augmenter) loaded = [.. loaded.Select((each, place) => augmenter.Change(each, step, place))];
        LoadedExample[][] parts = [.. BatchBuilder.Parts(loaded, _settings.MicroBatchSize)];
        double[] weights = LossWeights.Of(
            _settings.Mean, [.. parts.SelectMany(part => part).Select(each => each.Example.Tokens.Suffix.Count)]);
        Gradients.Clear(_trained);
        double loss = 0;
        int first = 0;
        foreach (LoadedExample[] part in parts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            double[] own = weights[first..(first + part.Length)];
            long seed = RandomNumbers.Mix(RandomNumbers.Mix(_settings.Seed, step), first);
            Batch batch = _builder.Build(part, _settings.MicroBatchSize, _settings.PackedExamples);
            IReadOnlyList<float[]> losses = _network.Accumulate(batch, own, seed);
            foreach ((LoadedExample example, float[] each, double weight) in part.Zip(losses, own))
            {
                double sum = each.Sum(value => (double)value);
                if (!double.IsFinite(sum)) throw Diverged(step, "loss", [example]);
                loss += sum * weight;
            }

            first += part.Length;
        }

        double norm = Gradients.Clip(_trained, _settings.Clip);
        if (!double.IsFinite(norm)) throw Diverged(step, "gradient", loaded);
        _optimizer.Step(rate);
        return new StepReport(
            step + 1, loss, rate, norm, loaded.Sum(each => each.Example.Tokens.Suffix.Count), loaded.Count,
            Math.Round(time.Elapsed.TotalSeconds, 3));
    }

    private RunState Validate(RunState state, MetricsFile metrics, CancellationToken cancellationToken)
    {
        ValidationReport report = _validation.Measure(state.Step, cancellationToken);
        bool isStart = state.Step == 0;
        bool isBest = !isStart && !(report.Loss >= state.BestLoss);
        if (isBest) _checkpoint.SaveBest();
        metrics.Append(report);
        _observer.Validated(report, isBest);
        state = state with { Measured = state.Step };
        return isBest ? state with { BestLoss = report.Loss, BestStep = state.Step, Worse = 0 }
            : isStart ? state
            : state with { Worse = state.Worse + 1 };
    }

    private PaliException Diverged(long step, string what, IEnumerable<LoadedExample> examples) => new(
        $"the {what} of step {step + 1} is not a number: {string.Join("; ", examples.Select(each => each.Example.Origin))}. "
        + "Nothing of this step was kept; a lower rate, or clipping, may help, or the row is at fault.");
}
