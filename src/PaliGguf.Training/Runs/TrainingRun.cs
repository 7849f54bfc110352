using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Tasks.Masks;
using PaliGguf.Training.Examples;
using PaliGguf.Training.Network;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Runtime;
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
    private readonly IReadOnlyList<TrainingExample> _examples, _validation;
    private readonly BatchOrder _order;
    private readonly BatchBuilder _builder;
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
        if (settings.Network.IsStreamed) MemoryAdvice.ReturnFreedBlocks();
        TorchRuntime.Load(settings.Threads);
        _network = PairNetwork.Open(settings.Model, settings.Network);
        _examples = Read(settings.Data, settings.DataOptions, cancellationToken);
        _validation = settings.Validation is { } path ? Read(path, settings.DataOptions with { Split = null }, cancellationToken) : [];
        _order = new BatchOrder(
            [.. _examples.Select(each => each.Tokens.Prefix.Count + each.Tokens.Suffix.Count)],
            settings.BatchSize, settings.Seed);
        Steps = settings.Steps ?? ((long)settings.Epochs * _order.StepsPerEpoch);
        _trained = settings.Plan.Apply(_network);
        _optimizer = settings.UsesSgd
            ? new Sgd(_trained, settings.Momentum, settings.Adam.WeightDecay)
            : new AdamW(_trained, settings.Adam);
        Directory.CreateDirectory(settings.Output);
        RunFacts.Claim(settings.Output, settings.Facts(Steps, Fingerprint(_examples), get_num_threads()));
        _softTokens = settings.KeepsSoftTokens ? KeepSoftTokens() : null;
        _builder = new BatchBuilder(_network, _softTokens);
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
        RunState state = _checkpoint.Exists ? _checkpoint.Load() : new RunState(0);
        _observer.Begin(state.Step, Steps, _trained.Sum(each => each.Value.numel()), _examples.Count);
        using MetricsFile metrics = MetricsFile.Open(_settings.Output, state.Step);
        long validateEvery = _settings.ValidateEvery ?? _order.StepsPerEpoch;
        Schedule schedule = new(_settings.Schedule, Steps, _settings.WarmUp);
        long saved = state.Step;
        while (state.Step < Steps && !(state.Worse >= _settings.Patience))
        {
            try
            {
                StepReport report = Step(state.Step, _settings.Rate * schedule.Factor(state.Step), cancellationToken);
                state = state with { Step = state.Step + 1 };
                metrics.Append(report);
                _observer.Step(report);
                bool validates = _validation.Count > 0 && (state.Step % validateEvery == 0 || state.Step == Steps);
                if (validates) state = Validate(state, metrics, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                if (state.Step > saved) _checkpoint.Save(state);
                throw;
            }

            if (state.Step % _settings.SaveEvery != 0 && state.Step != Steps) continue;
            _checkpoint.Save(state);
            saved = state.Step;
        }

        if (_checkpoint.HasBest && state.BestLoss is not null) _checkpoint.LoadBest();
        foreach (string damaged in _builder.Damaged) _observer.Broken(damaged);
        return state;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _softTokens?.Dispose();
        _optimizer.Dispose();
        _network.Dispose();
    }

    private StepReport Step(long step, double rate, CancellationToken cancellationToken)
    {
        Stopwatch time = Stopwatch.StartNew();
        IReadOnlyList<LoadedExample> loaded = _builder.Load(_order.Of(step).Select(number => _examples[number]), cancellationToken);
        double[] weights = LossWeights.Of(_settings.Mean, [.. loaded.Select(each => each.Example.Tokens.Suffix.Count)]);
        Gradients.Clear(_trained);
        double loss = 0;
        int first = 0;
        foreach (LoadedExample[] part in loaded.Chunk(_settings.MicroBatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            double[] own = weights[first..(first + part.Length)];
            long seed = RandomNumbers.Mix(RandomNumbers.Mix(_settings.Seed, step), first);
            IReadOnlyList<float[]> losses = _network.Accumulate(_builder.Build(part), own, seed);
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
        double sum = 0;
        long targets = 0;
        foreach (TrainingExample[] part in _validation.Chunk(_settings.MicroBatchSize))
        {
            IReadOnlyList<LoadedExample> loaded = _builder.Load(part, cancellationToken);
            if (loaded.Count == 0) continue;
            using DisposeScope scope = NewDisposeScope();
            foreach (float[] losses in _network.Evaluate(_builder.Build(loaded)))
            {
                sum += losses.Sum(value => (double)value);
                targets += losses.Length;
            }
        }

        double loss = sum / targets;
        bool isBest = !(loss >= state.BestLoss);
        if (isBest) _checkpoint.SaveBest();
        metrics.Append(new { step = state.Step, validation = loss });
        _observer.Validated(state.Step, loss, isBest);
        return isBest ? state with { BestLoss = loss, BestStep = state.Step, Worse = 0 } : state with { Worse = state.Worse + 1 };
    }

    private PaliException Diverged(long step, string what, IEnumerable<LoadedExample> examples) => new(
        $"the {what} of step {step + 1} is not a number: {string.Join("; ", examples.Select(each => each.Example.Origin))}. "
        + "Nothing of this step was kept; a lower rate, or clipping, may help, or the row is at fault.");

    private IReadOnlyList<TrainingExample> Read(string path, DataOptions options, CancellationToken cancellationToken)
    {
        MaskEncoder? masks = !options.Masks ? null : MaskEncoder.Read(_settings.Model.Vision) ?? throw new PaliException(
            $"{_settings.Model.Vision}: it has no mask encoder: convert the checkpoint again with --mask-decoder vae-oid.npz, "
            + "or train on boxes alone.");
        ExampleSource source = new(options, masks);
        IReadOnlyList<TrainingExample> examples = source.Read(path, cancellationToken);
        foreach (string broken in source.Broken) _observer.Broken(broken);
        ExampleTokenizer tokenizer = new(_network.Tokenizer, _network.ContextLength, _network.Tower.Layout.Patches);
        IReadOnlyList<TrainingExample> fit = tokenizer.Tokenize(
            _settings.Limit is { } limit ? [.. examples.Take(limit)] : examples, _observer.Broken);
        return fit.Count > 0 ? fit : throw new PaliException($"{path}: none of its {examples.Count} examples fits the model.");
    }

    private SoftTokenFile KeepSoftTokens()
    {
        if (_network.TrainsTower)
        {
            throw new PaliException("soft tokens can not be kept while the tower is trained: leave --keep-soft-tokens or --tower out.");
        }

        string[] pictures = [.. _examples.Concat(_validation).Select(each => each.Picture.Name).Distinct(StringComparer.Ordinal)];
        int length = _network.Tower.Layout.Patches * _network.Decoder.Width;
        return SoftTokenFile.Open(
            Path.Combine(_settings.Output, "soft-tokens.bin"),
            $"{FileFingerprint.Of(_settings.Model.Vision)} {_settings.Network.Type}",
            pictures, length);
    }

    private static string Fingerprint(IEnumerable<TrainingExample> examples)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (TrainingExample each in examples)
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetFileName(each.Picture.Name)}\0{each.Prompt}\0{each.Answer}\0"));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
