using System.Diagnostics;
using PaliGguf.Training.Network;
using PaliGguf.Training.Runs;

namespace PaliGguf.Training.Planning;

/// <summary>What a model takes with libtorch, its weights held: the peer of this project's own way of running it.</summary>
/// <param name="Tower">A picture through tower and projector.</param>
/// <param name="Prefix">Picture and prompt through the decoder, and the first token's logits.</param>
/// <param name="PrefixRows">The rows of picture and prompt.</param>
/// <param name="Token">A further token.</param>
internal sealed record ForwardTimes(TimeSpan Tower, TimeSpan Prefix, int PrefixRows, TimeSpan Token)
{
    private const int FurtherTokens = 8;

    /// <summary>Takes the times: medians after once to warm up.</summary>
    /// <param name="settings">The model.</param>
    /// <param name="textTokens">Tokens of the prompt.</param>
    /// <param name="repetitions">How often.</param>
    public static ForwardTimes Take(TrainingSettings settings, int textTokens, int repetitions)
    {
        using PairNetwork network = PairNetwork.Open(settings.Model, settings.Network with { IsStreamed = false });
        using DisposeScope scope = NewDisposeScope();
        long side = network.Tower.Layout.ImageSize;
        Tensor pixels = zeros(1, 3, side, side);
        Tensor soft = network.SoftTokens(pixels);
        int[] prompt = [.. Enumerable.Repeat(1, textTokens)];
        TimeSpan tower = Median(repetitions, () => network.SoftTokens(pixels).Dispose());
        TimeSpan prefix = Median(repetitions, () => Answer(1));
        TimeSpan answer = Median(repetitions, () => Answer(1 + FurtherTokens));
        TimeSpan token = (answer - prefix) / FurtherTokens;
        return new ForwardTimes(tower, prefix, network.Tower.Layout.Patches + textTokens, token);

        void Answer(int length) => network.Answers.Continue(soft, [prompt], length);
    }

    /// <summary>The median time of an action, after once to warm up.</summary>
    public static TimeSpan Median(int repetitions, Action action)
    {
        action();
        long[] times = new long[repetitions];
        for (int i = 0; i < repetitions; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            times[i] = Stopwatch.GetElapsedTime(start).Ticks;
        }

        Array.Sort(times);
        return TimeSpan.FromTicks(times[repetitions / 2]);
    }
}
