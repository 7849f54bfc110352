using System.Text.Json;
using System.Text.Json.Serialization;

namespace PaliGguf.Batch.Results;

/// <summary>An answer about a picture.</summary>
/// <param name="Id">The picture.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Prompt">The prompt that the model saw.</param>
/// <param name="Answer">What the command of the task's name prints with <c>--json</c>, without what depends on the moment: <c>timings</c>,
/// and probabilities unless they are wanted.</param>
public sealed record AnswerLine(
    string Id, string Source, [property: JsonPropertyOrder(1)] string Prompt, [property: JsonPropertyOrder(2)] JsonElement Answer)
{
    /// <summary>The task as it was named; null for a prompt that was given as it is.</summary>
    public string? Task { get; init; }
}

/// <summary>What has no answer.</summary>
/// <param name="Id">The picture.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Error">Why.</param>
public sealed record FailureLine(string Id, string Source, [property: JsonPropertyOrder(1)] string Error)
{
    /// <summary>
    /// The task as it was named; null for a prompt that was given as it is, or where nothing could be asked about the picture.
    /// </summary>
    public string? Task { get; init; }

    /// <summary>The prompt; null where nothing could be asked about the picture.</summary>
    public string? Prompt { get; init; }
}

/// <summary>What became of one picture.</summary>
/// <param name="Id">The picture.</param>
/// <param name="Answers">Its answers.</param>
/// <param name="Failures">What was asked without one.</param>
public sealed record ItemAnswer(string Id, IReadOnlyList<AnswerLine> Answers, IReadOnlyList<FailureLine> Failures)
{
    /// <summary>How often it passed through the vision tower.</summary>
    public int Looks { get; init; }
}
