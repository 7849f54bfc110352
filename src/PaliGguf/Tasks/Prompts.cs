namespace PaliGguf.Tasks;

/// <summary>
/// The prompts that PaliGemma's mix checkpoints were trained with (PaliGemma, arXiv 2407.07726, and its model card). Fine-tuned
/// checkpoints may expect other texts: any text can be a prompt. None of these ends with the line feed, which the prefix adds.
/// </summary>
public static class Prompts
{
    /// <summary>A short, raw caption.</summary>
    /// <param name="language">One of the languages of <see cref="PromptLanguage"/>: "en", "de", "th", ...</param>
    public static string Cap(string language = "en") => $"cap {PromptLanguage.Require(language)}";

    /// <summary>A caption in the manner of COCO.</summary>
    /// <inheritdoc cref="Cap" path="/param"/>
    public static string Caption(string language = "en") => $"caption {PromptLanguage.Require(language)}";

    /// <summary>A longer description.</summary>
    /// <inheritdoc cref="Cap" path="/param"/>
    public static string Describe(string language = "en") => $"describe {PromptLanguage.Require(language)}";

    /// <summary>The text in the picture.</summary>
    public static string Ocr => "ocr";

    /// <summary>The answer to a question about the picture.</summary>
    /// <param name="question">The question, in the language of the answer.</param>
    /// <param name="language">One of the languages of <see cref="PromptLanguage"/>: "en", "de", "th", ...</param>
    public static string Answer(string question, string language = "en") =>
        $"answer {PromptLanguage.Require(language)} {Text(question, nameof(question))}";

    /// <summary>A question about the picture that has a given answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="language">One of the languages of <see cref="PromptLanguage"/>: "en", "de", "th", ...</param>
    public static string Question(string answer, string language = "en") =>
        $"question {PromptLanguage.Require(language)} {Text(answer, nameof(answer))}";

    /// <summary>The bounding boxes of all instances of some things.</summary>
    /// <param name="labels">What to look for, at least one.</param>
    public static string Detect(params IEnumerable<string> labels) => "detect " + Labels(labels);

    /// <summary>The outlines of all instances of some things.</summary>
    /// <inheritdoc cref="Detect" path="/param"/>
    public static string Segment(params IEnumerable<string> labels) => "segment " + Labels(labels);

    /// <summary>The code of the language that a prompt of one of these forms asks for; null for other prompts.</summary>
    internal static string? LanguageOf(string prompt) =>
        prompt.Split(' ', 3) is ["cap" or "caption" or "describe" or "answer" or "question", var language, ..]
            && PromptLanguage.Codes.Contains(language, StringComparer.Ordinal) ? language : null;

    private static string Labels(IEnumerable<string> labels)
    {
        string[] all = labels.Select(label => Text(label, nameof(labels))).ToArray();
        return all.Length > 0 ? string.Join(" ; ", all) : throw new ArgumentException("No label is given.", nameof(labels));
    }

    private static string Text(string text, string parameter) =>
        string.IsNullOrWhiteSpace(text) ? throw new ArgumentException($"'{parameter}' is empty.", parameter) : text.Trim();
}
