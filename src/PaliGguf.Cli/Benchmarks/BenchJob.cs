namespace PaliGguf.Cli.Benchmarks;

/// <summary>What a measuring process is to do, as it reads it from its standard input.</summary>
/// <param name="TextPath">The text GGUF.</param>
/// <param name="VisionPath">The vision GGUF.</param>
/// <param name="Picture">The picture's file.</param>
/// <param name="Tokens">How many tokens are decoded while a rate is measured.</param>
/// <param name="Sequences">The numbers of requests side by side, in ascending order, 1 among them.</param>
/// <param name="Cold">Whether only loading and the first caption are measured, from files that are not in memory.</param>
internal sealed record BenchJob(string TextPath, string VisionPath, byte[] Picture, int Tokens, IReadOnlyList<int> Sequences, bool Cold)
{
    /// <summary>The prompt of a caption.</summary>
    public required string Prompt { get; init; }

    /// <summary>How many tokens prompt and answer have together, at most.</summary>
    public required int TextTokens { get; init; }

    /// <summary>The CPU threads of a side that does not read the settings.</summary>
    public required int Threads { get; init; }

    /// <summary>The longest sequence of such a side.</summary>
    public required int ContextLength { get; init; }

    /// <summary>What else is asked, to see how many of the answers are right.</summary>
    public IReadOnlyList<BenchQuestion> Questions { get; init; } = [];
}

/// <summary>A prompt about a picture, and the answer of a reference.</summary>
/// <param name="Picture">The picture's file.</param>
/// <param name="Prompt">The prompt, without the line feed that ends the prefix.</param>
/// <param name="Answer">The tokens of the greedy answer, without an end-of-sequence.</param>
internal sealed record BenchQuestion(string Picture, string Prompt, IReadOnlyList<int> Answer);

/// <summary>What a measuring process found, as it writes it to its standard output.</summary>
/// <param name="Model">What it loaded.</param>
/// <param name="LoadMs">How long that took.</param>
/// <param name="FirstCaptionMs">How long the first caption took.</param>
/// <param name="Warm">All the figures; null of a cold run.</param>
internal sealed record BenchSample(BenchedModel Model, double LoadMs, double FirstCaptionMs, Figures? Warm);

/// <summary>A model as it was measured.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Threads">The threads that computed.</param>
/// <param name="ImageSize">The side of the tower's square, in pixels.</param>
/// <param name="PrefixTokens">Picture and prompt, in tokens.</param>
/// <param name="VisionType">The type of the tower's matrices.</param>
/// <param name="VisionDevice">Where the tower was.</param>
/// <param name="VisionBufferTypes">The kinds of memory that its weights lay in.</param>
internal sealed record BenchedModel(
    string Name, int Threads, int ImageSize, int PrefixTokens, string VisionType, string VisionDevice, IReadOnlyList<string> VisionBufferTypes);
