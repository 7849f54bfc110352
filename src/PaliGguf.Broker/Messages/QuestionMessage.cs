using PaliGguf.Batch;

namespace PaliGguf.Broker.Messages;

/// <summary>What is asked about a picture, as messages say it.</summary>
internal sealed record QuestionMessage(string Prompt)
{
    private const int LongestText = 1 << 16, MostLabels = 4096;

    public string? Task { get; init; }

    public IReadOnlyList<string>? Labels { get; init; }

    public bool Masks { get; init; }

    public static QuestionMessage Of(Question question) =>
        new(question.Prompt) { Task = question.Task, Labels = question.Labels, Masks = question.Masks };

    /// <exception cref="MessageException">A text is longer than any that is asked.</exception>
    public Question ToQuestion()
    {
        bool fits = Prompt.Length <= LongestText && Task is not { Length: > LongestText } && (Labels is null
            || (Labels.Count is > 0 and <= MostLabels && Labels.All(label => label is { Length: > 0 and <= LongestText })));
        return fits ? new Question(Task, Prompt) { Labels = Labels, Masks = Masks }
            : throw new MessageException("what it asks is longer than any question");
    }
}
