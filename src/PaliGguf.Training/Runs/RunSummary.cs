namespace PaliGguf.Training.Runs;

/// <summary>What became of a run, by its metrics.</summary>
/// <param name="First">Its first step.</param>
/// <param name="Last">Its last.</param>
/// <param name="Before">The validation before the first step; null without one.</param>
/// <param name="Best">That of the least loss; null without one.</param>
internal sealed record RunSummary(StepReport? First, StepReport? Last, ValidationReport? Before, ValidationReport? Best)
{
    /// <summary>Reads it.</summary>
    /// <param name="folder">The run's folder.</param>
    public static RunSummary Read(string folder)
    {
        RunSummary sum = new(null, null, null, null);
        foreach (object line in MetricsFile.Read(folder))
        {
            sum = line switch
            {
                StepReport step => sum with { First = sum.First ?? step, Last = step },
                ValidationReport { Step: 0 } before => sum with { Before = before },
                ValidationReport report when !(report.Loss >= sum.Best?.Loss) => sum with { Best = report },
                _ => sum,
            };
        }

        return sum;
    }
}
