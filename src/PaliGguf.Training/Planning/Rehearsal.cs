using PaliGguf.Training.Network;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Results;
using PaliGguf.Training.Runs;
using PaliGguf.Training.Runtime;
using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Planning;

/// <summary>
/// Foretells the memory of a run by a short one of the same kind, on made-up examples, and by what it writes: with all layers where they
/// are held, which small models are; else with the first few, since further ones share their matrices and add only what can be counted.
/// </summary>
internal static class Rehearsal
{
    // What the allocator holds grows over the first steps, which take seconds where a model is small and minutes where it is not.
    private const int Steps = 12, StreamedSteps = 3, StreamedLayers = 8;

    /// <summary>Runs it.</summary>
    /// <param name="settings">The run.</param>
    /// <param name="textTokens">Tokens of prefix and suffix together, of the longest example; at least 2.</param>
    /// <exception cref="PaliException">The model is not as it should be, or so long an example does not fit it.</exception>
    /// <exception cref="PlatformNotSupportedException">The system does not tell what a process holds.</exception>
    public static MemoryForecast Run(TrainingSettings settings, int textTokens)
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("only Linux tells how much a process held at its peak.");
        bool streamed = settings.Network.IsStreamed;
        int ofEach = settings.PackedExamples, pictures = (settings.BatchSize + ofEach - 1) / ofEach;
        using MadeUpData data = new(settings.Model.Text, pictures, ofEach, textTokens);
        settings = settings with
        {
            Data = data.Path,
            Output = data.Output,
            Validation = settings.Validation is null ? null : data.Path,
            Steps = streamed ? StreamedSteps : Steps,
            ValidateEvery = settings.Validation is null ? null : streamed ? StreamedSteps : Steps,
            Network = settings.Network with { MostLayers = streamed ? StreamedLayers : null },
        };
        using TrainingRun run = new(settings, new Silence(), CancellationToken.None);
        run.Run(CancellationToken.None);
        ResultOptions options = new(settings.Merges && !streamed, settings.OlderNames);
        RunResults.WriteAsync(data.Output, settings.Model, run.Network, settings.Plan, run.Trained, options, CancellationToken.None)
            .GetAwaiter().GetResult();
        ProcessMemory memory = ProcessMemory.Now();
        return new MemoryForecast(
            memory.Peak, run.Network.DecoderLayers.Count, run.Network.Decoder.LayerCount, Further(settings, run, textTokens),
            ProcessMemory.SystemAvailable() is { } available ? available + memory.Resident : null);
    }

    // A layer that is computed once more keeps its input; what is trained has a value, a gradient, and what the optimizer remembers.
    private static long Further(TrainingSettings settings, TrainingRun run, int textTokens)
    {
        PairNetwork network = run.Network;
        int together = Math.Min(settings.MicroBatchSize, settings.BatchSize);
        int numbers = settings.Optimizer == OptimizerKind.AdamW ? 4 : settings.Momentum > 0 ? 3 : 2;
        long elementBytes = settings.Network.Type == ScalarType.BFloat16 ? sizeof(ushort) : sizeof(float);
        long patches = (long)together * network.Tower.Layout.Patches;
        long rows = patches + ((long)together * textTokens * settings.PackedExamples);
        int layers = network.DecoderLayers.Count;
        long decoder = Layers("text.layers.", layers, network.Decoder.LayerCount, rows * network.Decoder.Width)
            + Kept(network.Decoder.LayerCount) - Kept(layers);
        if (!network.TrainsTower) return decoder;
        (int all, int width) = (network.Tower.Layout.LayerCount, network.Tower.Layout.HiddenLength);
        return decoder + Layers("vision.encoder.layers.", network.TowerLayers.Count, all, patches * width);

        // Of the layers that there are, the products of as many are kept as there is room for.
        long Kept(int count)
        {
            long bytes = ProductTape.BytesOf(network.DecoderLayers[0].Linears, rows, (int)elementBytes);
            return !settings.Network.IsStreamed || bytes == 0 ? 0 : bytes * Math.Min(count, settings.Network.MostKept / bytes);
        }

        long Layers(string path, int measured, int all, long input)
        {
            long own = run.Trained.Where(each => each.Name.StartsWith(path, StringComparison.Ordinal)).Sum(each => each.Value.numel());
            return (all - measured) * ((input * elementBytes) + (own / measured * numbers * sizeof(float)));
        }
    }

    private sealed class Silence : IRunObserver
    {
        public void Begin(RunStart start)
        {
        }

        public void Step(StepReport report)
        {
        }

        public void Validating(int done, int examples)
        {
        }

        public void Validated(ValidationReport report, bool isBest)
        {
        }

        public void Saved(long step)
        {
        }

        // Examples that do not fit the model.
        public void Broken(string problem) => throw new PaliException(problem);
    }
}
