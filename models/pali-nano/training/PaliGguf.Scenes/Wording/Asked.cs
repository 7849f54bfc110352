namespace PaliGguf.Scenes.Wording;

/// <summary>A prompt and its right answer.</summary>
/// <param name="Kind">What kind of prompt it is, as evaluation tells them apart.</param>
/// <param name="Prefix">The prompt.</param>
/// <param name="Suffix">The answer.</param>
internal sealed record Asked(string Kind, string Prefix, string Suffix);
