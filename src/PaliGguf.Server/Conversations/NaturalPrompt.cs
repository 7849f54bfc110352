using PaliGguf.Tasks;

namespace PaliGguf.Server.Conversations;

/// <summary>Prompts of people who do not know that the model expects a task's word first.</summary>
internal static class NaturalPrompt
{
    private const string Language = "en";

    // Those that the published checkpoints were trained with.
    private static readonly string[] Tasks = ["answer", "question", "caption", "cap", "describe", "ocr", "detect", "segment"];

    /// <summary>What is asked: a question as the task of answering it, nothing as that of a caption, all else as it is.</summary>
    public static string Of(string prompt)
    {
        if (prompt.Length == 0) return Prompts.Caption(Language);
        bool hasTask = Array.Exists(Tasks, task => prompt.StartsWith($"{task} ", StringComparison.Ordinal));
        return prompt.EndsWith('?') && !hasTask ? Prompts.Answer(prompt.ReplaceLineEndings(" "), Language) : prompt;
    }
}
