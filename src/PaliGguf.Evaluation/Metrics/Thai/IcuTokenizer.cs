using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Thai;

/// <summary>
/// Thai words as the system's ICU finds them, with its own list of words: quick to have, but not what Thai tables are made with. Of
/// PyThaiNLP's segmentations of captions it gives one in four. Safe for use by several threads.
/// </summary>
/// <param name="keepWhiteSpace">Whether spaces are words, as in <see cref="NewmmTokenizer"/>.</param>
/// <exception cref="PaliException">There is no ICU, or one without Thai.</exception>
public sealed class IcuTokenizer(bool keepWhiteSpace = true) : ITokenizer
{
    private readonly IcuLibrary _library = IcuLibrary.Load();

    /// <summary>The version of the library, "72.1" for example.</summary>
    public string Version => _library.Version;

    /// <inheritdoc/>
    public IReadOnlyList<string> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<string> tokens = [];
        int start = 0;
        foreach (int end in _library.WordEnds(text))
        {
            string token = text[start..end];
            start = end;
            if (!keepWhiteSpace) token = token.Trim(' ');
            if (token.Length > 0) tokens.Add(token);
        }

        return tokens;
    }
}
