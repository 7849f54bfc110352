namespace PaliGguf.Training.Optimization;

/// <summary>How the learning rate changes over a run.</summary>
internal enum ScheduleKind
{
    /// <summary>It stays, after a warm-up.</summary>
    Constant,

    /// <summary>
    /// It falls evenly to zero after a warm-up, as transformers has it: the first step's rate is 0 where there is a warm-up.
    /// </summary>
    Linear,

    /// <summary>Half a cosine, as big_vision has it: neither the first step's rate nor the last one's is 0.</summary>
    Cosine,
}

/// <summary>What the learning rate is multiplied with at each step.</summary>
/// <param name="Kind">How it changes.</param>
/// <param name="Steps">The steps of the run, at least 1.</param>
/// <param name="WarmUp">The part of them over which it rises, from 0 to 1.</param>
internal sealed record Schedule(ScheduleKind Kind, long Steps, double WarmUp = 0)
{
    /// <summary>The factor of a step.</summary>
    /// <param name="step">The step, from 0 on.</param>
    public double Factor(long step) => Kind switch
    {
        ScheduleKind.Cosine => Cosine(step + 1),
        _ when step < Rising => (double)step / Rising,
        ScheduleKind.Linear => (double)(Steps - step) / (Steps - Rising),
        _ => 1,
    };

    private long Rising => (long)Math.Ceiling(Steps * WarmUp);

    // It counts from 1, and to one more than there are steps.
    private double Cosine(long step)
    {
        double total = Steps + 1;
        double rising = Math.Max(1, Math.Round(WarmUp * total));
        double passed = Math.Clamp((step - rising) / (total - rising), 0, 1);
        return 0.5 * (1 + Math.Cos(Math.PI * passed)) * Math.Min(1, step / rising);
    }
}
