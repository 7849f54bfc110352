namespace PaliGguf.Cli.Answers;

/// <summary>What "each --json" prints for a picture, on a line of its own: an answer or an error.</summary>
internal sealed record EachJson(string File, AnswerJson? Answer, string? Error);
