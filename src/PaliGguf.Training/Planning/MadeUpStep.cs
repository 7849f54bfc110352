using PaliGguf.Training.Examples;
using PaliGguf.Training.Network;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Runs;

namespace PaliGguf.Training.Planning;

/// <summary>Steps of a run as the trainer takes them, of made-up examples and at a rate of 0.</summary>
internal sealed class MadeUpStep : IDisposable
{
    private const int LongestPrefix = 8;

    private readonly TrainingSettings _settings;
    private readonly IOptimizer _optimizer;
    private readonly BatchBuilder _builder;

    /// <summary>Loads libtorch, opens the model and makes it trainable.</summary>
    /// <param name="settings">The run.</param>
    /// <exception cref="PaliException">libtorch can not be loaded, or the model is not as it should be.</exception>
    public MadeUpStep(TrainingSettings settings)
    {
        _settings = settings;
        settings.LoadTorch();
        Network = PairNetwork.Open(settings.Model, settings.Network);
        Trained = settings.Plan.Apply(Network);
        _optimizer = settings.MakeOptimizer(Trained);
        _builder = new BatchBuilder(Network, kept: null);
    }

    /// <summary>The model.</summary>
    public PairNetwork Network { get; }

    /// <summary>What is trained.</summary>
    public IReadOnlyList<TrainedTensor> Trained { get; }

    /// <summary>Examples that are computed together.</summary>
    public int Together => Math.Min(_settings.MicroBatchSize, _settings.BatchSize);

    /// <summary>Takes one.</summary>
    /// <param name="textTokens">Tokens of prefix and suffix together, at least 2.</param>
    /// <exception cref="PaliException">So long an example does not fit the model.</exception>
    public void Run(int textTokens)
    {
        if (Network.Tower.Layout.Patches + textTokens > Network.ContextLength)
        {
            throw new PaliException($"{textTokens} tokens and the picture's are more than the model's context of {Network.ContextLength}.");
        }

        using DisposeScope scope = NewDisposeScope();
        Gradients.Clear(Trained);
        int prefix = Math.Min(LongestPrefix, textTokens / 2);
        ExampleTokens tokens = new([.. Enumerable.Repeat(1, prefix)], [.. Enumerable.Repeat(1, textTokens - prefix)]);
        IEnumerable<TrainingExample> examples = Enumerable.Range(0, Together).Select(number =>
            new TrainingExample(new MadeUpPicture(number), Prompt: "", Answer: "", nameof(MadeUpPicture)) { Tokens = tokens });
        IReadOnlyList<LoadedExample> loaded = _builder.Load(examples, CancellationToken.None);
        double[] weights = LossWeights.Of(_settings.Mean, [.. loaded.Select(each => each.Example.Tokens.Suffix.Count)]);
        Network.Accumulate(_builder.Build(loaded), weights);
        _ = Gradients.Clip(Trained, _settings.Clip);
        _optimizer.Step(0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        Network.Dispose();
    }
}
