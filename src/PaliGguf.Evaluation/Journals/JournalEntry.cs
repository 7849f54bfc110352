using System.Text.Json.Serialization;
using PaliGguf.Evaluation.Datasets;

namespace PaliGguf.Evaluation.Journals;

/// <summary>What became of an item.</summary>
/// <param name="Id">The item.</param>
/// <param name="Prompt">The prompt that the model saw.</param>
public sealed record JournalEntry(string Id, string Prompt)
{
    /// <summary>The answer; null where there is none.</summary>
    public string? Answer { get; init; }

    /// <summary>The answer's length in tokens, without the one that ends it.</summary>
    public int Tokens { get; init; }

    /// <summary>The sum of the natural logarithms of the tokens' probabilities.</summary>
    public double LogProbability { get; init; }

    /// <summary>Whether the longest length ended the answer.</summary>
    public bool Cut { get; init; }

    /// <summary>Where the time went.</summary>
    public JournalTimes? Milliseconds { get; init; }

    /// <summary>The picture's size; null where it could not be read.</summary>
    public PictureSize? Picture { get; init; }

    /// <summary>How sure the model is of each object in the answer, 0 to 1, in their order; null where no objects were asked for.</summary>
    public IReadOnlyList<double>? Scores { get; init; }

    /// <summary>Why there is no answer; null where there is one.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether there is no answer.</summary>
    [JsonIgnore]
    public bool Failed => Answer is null;

    /// <summary>The answer as it is scored.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public GivenAnswer Given() => new(Answer ?? throw new InvalidOperationException($"'{Id}' has no answer.")) { Picture = Picture, Scores = Scores };
}

/// <summary>Where the time of an answer went, in milliseconds, without the time it waited for others.</summary>
/// <param name="Vision">The vision tower.</param>
/// <param name="Prefix">Decoding picture and prompt.</param>
/// <param name="Decode">From the first token of the answer to its last.</param>
public sealed record JournalTimes(double Vision, double Prefix, double Decode);
