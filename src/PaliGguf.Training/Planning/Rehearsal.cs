using PaliGguf.Training.Examples;
using PaliGguf.Training.Network;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Runs;
using PaliGguf.Training.Runtime;

namespace PaliGguf.Training.Planning;

/// <summary>
/// Foretells the memory of a run by some of its steps: with all layers where they are held, which small models are; else with the first
/// few, since further ones share their matrices and add only what can be counted.
/// </summary>
internal static class Rehearsal
{
    private const int Steps = 3, StreamedLayers = 2, LongestPrefix = 8;

    // What oneDNN prepares for lengths of their own is kept.
    private const int ShorterByStep = 8;

    /// <summary>Computes the steps, of examples that are made up.</summary>
    /// <param name="settings">The run.</param>
    /// <param name="textTokens">Tokens of prefix and suffix together, of the longest example; at least 2.</param>
    /// <exception cref="PaliException">The model is not as it should be, or so long an example does not fit it.</exception>
    /// <exception cref="PlatformNotSupportedException">The system does not tell what a process holds.</exception>
    public static MemoryForecast Run(TrainingSettings settings, int textTokens)
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("only Linux tells how much a process held at its peak.");
        if (settings.Network.IsStreamed) MemoryAdvice.ReturnFreedBlocks();
        TorchRuntime.Load(settings.Threads);
        NetworkOptions options = settings.Network with { MostLayers = settings.Network.IsStreamed ? StreamedLayers : null };
        using PairNetwork network = PairNetwork.Open(settings.Model, options);
        if (network.Tower.Layout.Patches + textTokens > network.ContextLength)
        {
            throw new PaliException($"{textTokens} tokens and the picture's are more than the model's context of {network.ContextLength}.");
        }

        IReadOnlyList<TrainedTensor> trained = settings.Plan.Apply(network);
        using IOptimizer optimizer = settings.MakeOptimizer(trained);
        int together = Math.Min(settings.MicroBatchSize, settings.BatchSize);
        for (int step = 0; step < Steps; step++)
        {
            Step(settings, network, trained, optimizer, together, Math.Max(2, textTokens - (step * ShorterByStep)));
        }

        ProcessMemory memory = ProcessMemory.Now();
        long further = Further(settings, network, trained, together * (network.Tower.Layout.Patches + textTokens));
        return new MemoryForecast(
            memory.Peak, network.DecoderLayers.Count, network.Decoder.LayerCount, further,
            ProcessMemory.SystemAvailable() is { } available ? available + memory.Resident : null);
    }

    private static void Step(
        TrainingSettings settings, PairNetwork network, IReadOnlyList<TrainedTensor> trained, IOptimizer optimizer, int together, int textTokens)
    {
        using DisposeScope scope = NewDisposeScope();
        Gradients.Clear(trained);
        int prefix = Math.Min(LongestPrefix, textTokens / 2);
        TrainingExample example = new(new MadeUpPicture(), Prompt: "", Answer: "", nameof(MadeUpPicture))
        {
            Tokens = new ExampleTokens([.. Enumerable.Repeat(1, prefix)], [.. Enumerable.Repeat(1, textTokens - prefix)]),
        };
        BatchBuilder builder = new(network, kept: null);
        IReadOnlyList<LoadedExample> loaded = builder.Load(Enumerable.Repeat(example, together), CancellationToken.None);
        network.Accumulate(builder.Build(loaded), [.. Enumerable.Repeat(1.0 / (together * (textTokens - prefix)), together)]);
        _ = Gradients.Clip(trained, settings.Clip);
        optimizer.Step(0);
    }

    // A layer that is computed once more keeps its input; what is trained has a value, a gradient, and what the optimizer remembers.
    private static long Further(TrainingSettings settings, PairNetwork network, IReadOnlyList<TrainedTensor> trained, long rows)
    {
        int numbers = settings.UsesSgd ? (settings.Momentum > 0 ? 3 : 2) : 4;
        long elementBytes = settings.Network.Type == ScalarType.BFloat16 ? sizeof(ushort) : sizeof(float);
        long decoder = Layers("text.layers.", network.DecoderLayers.Count, network.Decoder.LayerCount, rows * network.Decoder.Width);
        if (!network.TrainsTower) return decoder;
        long patches = (long)Math.Min(settings.MicroBatchSize, settings.BatchSize) * network.Tower.Layout.Patches;
        return decoder + Layers(
            "vision.encoder.layers.", network.TowerLayers.Count, network.Tower.Layout.LayerCount, patches * network.Tower.Layout.HiddenLength);

        long Layers(string path, int measured, int all, long input)
        {
            long own = trained.Where(each => each.Name.StartsWith(path, StringComparison.Ordinal)).Sum(each => each.Value.numel());
            return (all - measured) * ((input * elementBytes) + (own / measured * numbers * sizeof(float)));
        }
    }
}
