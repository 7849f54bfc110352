namespace PaliGguf.Training.Runs;

/// <summary>Tells several of what happens in a run.</summary>
/// <param name="observers">They, in the order in which they are told.</param>
internal sealed class RunObservers(params IReadOnlyList<IRunObserver> observers) : IRunObserver
{
    /// <inheritdoc/>
    public void Begin(RunStart start) => Tell(observer => observer.Begin(start));

    /// <inheritdoc/>
    public void Step(StepReport report) => Tell(observer => observer.Step(report));

    /// <inheritdoc/>
    public void Validating(int done, int examples) => Tell(observer => observer.Validating(done, examples));

    /// <inheritdoc/>
    public void Validated(ValidationReport report, bool isBest) => Tell(observer => observer.Validated(report, isBest));

    /// <inheritdoc/>
    public void Saved(long step) => Tell(observer => observer.Saved(step));

    /// <inheritdoc/>
    public void Broken(string problem) => Tell(observer => observer.Broken(problem));

    private void Tell(Action<IRunObserver> what)
    {
        foreach (IRunObserver observer in observers) what(observer);
    }
}
