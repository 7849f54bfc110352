using PaliGguf.Hosting.Requests;
using PaliGguf.Tasks;

namespace PaliGguf.Batch;

/// <summary>What is asked about a picture. Immutable.</summary>
/// <param name="Task">The task as it was named, such as <c>detect cat ; dog</c>; null for a prompt that was given as it is.</param>
/// <param name="Prompt">The prompt that the model sees.</param>
public sealed record Question(string? Task, string Prompt)
{
    /// <summary>What is looked for; null where a text is wanted.</summary>
    public IReadOnlyList<string>? Labels { get; internal init; }

    /// <summary>Whether the shapes of what is found are wanted too.</summary>
    public bool Masks { get; internal init; }

    /// <summary>What tells it from the other questions about a picture.</summary>
    public string Name => Task ?? Prompt;

    /// <summary>
    /// A task by the name of the command that does it, with its argument: <c>caption</c>, <c>describe</c>, <c>ocr</c>, <c>ask QUESTION</c>,
    /// <c>detect LABELS</c>,
    /// <c>segment LABELS</c>. Captions and descriptions may name their language: <c>caption de</c>.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="language">The language where the task names none.</param>
    /// <exception cref="ArgumentException">There is no such task, or it lacks its argument.</exception>
    public static Question OfTask(string task, string language = "en")
    {
        ArgumentNullException.ThrowIfNull(task);
        string[] words = task.Trim().Split(' ', 2, StringSplitOptions.TrimEntries);
        string argument = words.Length > 1 ? words[1] : "";
        string name = argument.Length > 0 ? $"{words[0]} {argument}" : words[0];
        string Language() => argument.Length > 0 ? argument : language;
        return words[0] switch
        {
            "cap" => new Question(name, Prompts.Cap(Language())),
            "caption" => new Question(name, Prompts.Caption(Language())),
            "describe" => new Question(name, Prompts.Describe(Language())),
            "ocr" when argument.Length == 0 => new Question(name, Prompts.Ocr),
            "ask" when argument.Length > 0 => new Question(name, Prompts.Answer(argument, language)),
            "detect" when Found(argument) is { } labels => new Question(name, Prompts.Detect(labels)) { Labels = labels },
            "segment" when Found(argument) is { } labels => new Question(name, Prompts.Segment(labels)) { Labels = labels, Masks = true },
            "ask" => throw new ArgumentException("The task 'ask' lacks its question, as in \"ask what is this?\"."),
            "detect" or "segment" =>
                throw new ArgumentException($"The task '{words[0]}' lacks what to look for, as in \"{words[0]} cat ; dog\"."),
            _ => throw new ArgumentException(
                $"There is no task '{Short(task)}'; expected caption, describe, cap, ocr, \"ask QUESTION\", \"detect LABELS\" or "
                    + "\"segment LABELS\", or a prompt as it is."),
        };
    }

    /// <summary>A prompt as the model is to see it.</summary>
    public static Question OfPrompt(string prompt) => new(null, prompt);

    private static string[]? Found(string argument) => LabelList.Of("labels", argument) is { Length: > 0 } labels ? labels : null;

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "...";
}
