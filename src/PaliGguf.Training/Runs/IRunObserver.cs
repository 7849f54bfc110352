using System.Text.Json.Serialization;
using PaliGguf.Training.Examples;

namespace PaliGguf.Training.Runs;

/// <summary>Is told of what happens in a run.</summary>
internal interface IRunObserver
{
    /// <summary>The run begins, or goes on.</summary>
    void Begin(RunStart start);

    /// <summary>A step is done.</summary>
    void Step(StepReport report);

    /// <summary>Some validation examples were looked at.</summary>
    /// <param name="done">How many.</param>
    /// <param name="examples">All of them.</param>
    void Validating(int done, int examples);

    /// <summary>The validation examples were looked at: before the first step, and now and then after it.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="isBest">Whether the loss is the least so far; never before the first step.</param>
    void Validated(ValidationReport report, bool isBest);

    /// <summary>The run is saved.</summary>
    /// <param name="step">The steps that are done.</param>
    void Saved(long step);

    /// <summary>A row is left out.</summary>
    void Broken(string problem);
}

/// <summary>Where a run begins.</summary>
/// <param name="Step">The steps that are done.</param>
/// <param name="Steps">All of them.</param>
/// <param name="Parameters">The numbers that are trained.</param>
/// <param name="Examples">The examples.</param>
/// <param name="Shown">Validation examples whose answers are shown.</param>
internal sealed record RunStart(long Step, long Steps, long Parameters, int Examples, IReadOnlyList<TrainingExample> Shown);

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

/// <summary>What a validation has found.</summary>
/// <param name="Step">The steps that were done.</param>
/// <param name="Loss">The mean loss of all targets.</param>
/// <param name="Answers">Answers to a few of the examples.</param>
internal sealed record ValidationReport(
    [property: JsonPropertyName("step")] long Step,
    [property: JsonPropertyName("validation")] double Loss,
    [property: JsonPropertyName("answers")] IReadOnlyList<ShownAnswer> Answers);

/// <summary>What the model answers, and what it should.</summary>
/// <param name="Image">The picture's file name.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="Reference">What it should answer.</param>
/// <param name="Answer">What it does, decoded greedily; a long one only begins.</param>
internal sealed record ShownAnswer(
    [property: JsonPropertyName("image")] string Image,
    [property: JsonPropertyName("prompt")] string Prompt,
    [property: JsonPropertyName("reference")] string Reference,
    [property: JsonPropertyName("answer")] string Answer);
