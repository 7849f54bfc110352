using System.Text.Json.Serialization;

namespace PaliGguf.Training.Runs;

/// <summary>Is told of what happens in a run.</summary>
internal interface IRunObserver
{
    /// <summary>The run begins, or goes on.</summary>
    /// <param name="step">The steps that are done.</param>
    /// <param name="steps">All of them.</param>
    /// <param name="parameters">The numbers that are trained.</param>
    /// <param name="examples">The examples.</param>
    void Begin(long step, long steps, long parameters, int examples);

    /// <summary>A step is done.</summary>
    void Step(StepReport report);

    /// <summary>The validation examples were looked at.</summary>
    /// <param name="step">The steps that are done.</param>
    /// <param name="loss">The mean loss of their targets.</param>
    /// <param name="isBest">Whether it is the least so far.</param>
    void Validated(long step, double loss, bool isBest);

    /// <summary>A row is left out.</summary>
    void Broken(string problem);
}

/// <summary>What became of a step.</summary>
/// <param name="Step">The step, from 1 on.</param>
/// <param name="Loss">The loss before it.</param>
/// <param name="Rate">Its learning rate.</param>
/// <param name="Norm">The length of all gradients together, before they were clipped.</param>
/// <param name="Targets">The tokens that the loss is of.</param>
/// <param name="Examples">The examples that it saw.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record StepReport(
    [property: JsonPropertyName("step")] long Step,
    [property: JsonPropertyName("loss")] double Loss,
    [property: JsonPropertyName("rate")] double Rate,
    [property: JsonPropertyName("norm")] double Norm,
    [property: JsonPropertyName("targets")] int Targets,
    [property: JsonPropertyName("examples")] int Examples,
    [property: JsonPropertyName("seconds")] double Seconds);
