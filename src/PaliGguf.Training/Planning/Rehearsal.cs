using PaliGguf.Training.Network;
using PaliGguf.Training.Runs;
using PaliGguf.Training.Runtime;

namespace PaliGguf.Training.Planning;

/// <summary>
/// Foretells the memory of a run by some of its steps and what it writes at its end: with all layers where they are held, which small
/// models are; else with the first few, since further ones share their matrices and add only what can be counted.
/// </summary>
internal static class Rehearsal
{
    // What the allocator holds grows over the first steps, which take seconds where a model is small and minutes where it is not.
    private const int Steps = 12, StreamedSteps = 3, StreamedLayers = 8;

    // What oneDNN prepares for lengths of their own is kept.
    private const int ShorterByStep = 8, Lengths = 3;

    /// <summary>Computes the steps, of examples that are made up.</summary>
    /// <param name="settings">The run.</param>
    /// <param name="textTokens">Tokens of prefix and suffix together, of the longest example; at least 2.</param>
    /// <exception cref="PaliException">The model is not as it should be, or so long an example does not fit it.</exception>
    /// <exception cref="PlatformNotSupportedException">The system does not tell what a process holds.</exception>
    public static MemoryForecast Run(TrainingSettings settings, int textTokens)
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("only Linux tells how much a process held at its peak.");
        using MadeUpStep step = new(settings, settings.Network.IsStreamed ? StreamedLayers : null);
        int steps = settings.Network.IsStreamed ? StreamedSteps : Steps;
        for (int i = 0; i < steps; i++) step.Run(Math.Max(2, textTokens - (i % Lengths * ShorterByStep)));
        step.Write();
        ProcessMemory memory = ProcessMemory.Now();
        PairNetwork network = step.Network;
        return new MemoryForecast(
            memory.Peak, network.DecoderLayers.Count, network.Decoder.LayerCount, Further(settings, step, textTokens),
            ProcessMemory.SystemAvailable() is { } available ? available + memory.Resident : null);
    }

    // A layer that is computed once more keeps its input; what is trained has a value, a gradient, and what the optimizer remembers.
    private static long Further(TrainingSettings settings, MadeUpStep step, int textTokens)
    {
        PairNetwork network = step.Network;
        int numbers = settings.UsesSgd ? (settings.Momentum > 0 ? 3 : 2) : 4;
        long elementBytes = settings.Network.Type == ScalarType.BFloat16 ? sizeof(ushort) : sizeof(float);
        long patches = (long)step.Together * network.Tower.Layout.Patches;
        long rows = patches + ((long)step.Together * textTokens);
        long decoder = Layers("text.layers.", network.DecoderLayers.Count, network.Decoder.LayerCount, rows * network.Decoder.Width);
        if (!network.TrainsTower) return decoder;
        (int all, int width) = (network.Tower.Layout.LayerCount, network.Tower.Layout.HiddenLength);
        return decoder + Layers("vision.encoder.layers.", network.TowerLayers.Count, all, patches * width);

        long Layers(string path, int measured, int all, long input)
        {
            long own = step.Trained.Where(each => each.Name.StartsWith(path, StringComparison.Ordinal)).Sum(each => each.Value.numel());
            return (all - measured) * ((input * elementBytes) + (own / measured * numbers * sizeof(float)));
        }
    }
}
