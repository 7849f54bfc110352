using PaliGguf.Language;

namespace PaliGguf.Tasks;

/// <summary>
/// The form of answers to <c>detect</c> and <c>segment</c>: nothing, or instances joined by <c>" ; "</c>. An instance is four locations
/// (y_min, x_min, y_max, x_max, the first two less than the last two), for <c>segment</c> sixteen codewords, a space and one of the asked labels.
/// </summary>
internal sealed class InstanceGrammar
{
    public const int MaskCodewords = 16;

    private readonly string[] _labels;
    private readonly int _codewords;

    private InstanceGrammar(IEnumerable<string> labels, int codewords)
    {
        _labels = [.. labels.Select(Checked).Distinct(StringComparer.Ordinal)];
        if (_labels.Length == 0) throw new ArgumentException("No label is given.", nameof(labels));
        _codewords = codewords;
    }

    /// <summary>The form of answers to <see cref="Prompts.Detect"/>.</summary>
    /// <param name="labels">What is looked for, as in the prompt: at least one, none of them empty or with a <c>;</c> in it.</param>
    /// <exception cref="ArgumentException">No label is given, or one that would be ambiguous in an answer.</exception>
    public static InstanceGrammar Detect(IEnumerable<string> labels) => new(labels, 0);

    /// <summary>The form of answers to <see cref="Prompts.Segment"/>.</summary>
    /// <inheritdoc cref="Detect"/>
    public static InstanceGrammar Segment(IEnumerable<string> labels) => new(labels, MaskCodewords);

    /// <summary>The state that an answer begins in.</summary>
    /// <exception cref="InferenceException">The vocabulary has no location or codeword tokens.</exception>
    public TokenConstraint Start(PieceIndex pieces) => new InstanceRules(pieces, _labels, _codewords).Start;

    private static string Checked(string label)
    {
        string text = string.IsNullOrWhiteSpace(label) ? throw new ArgumentException("A label is empty.", nameof(label)) : label.Trim();
        if (text.Contains(';', StringComparison.Ordinal)) throw new ArgumentException($"The label '{text}' has a ';' in it, which separates labels.", nameof(label));
        return text.Contains("<loc", StringComparison.Ordinal) || text.Contains("<seg", StringComparison.Ordinal)
            ? throw new ArgumentException($"The label '{text}' has the beginning of a location or codeword token in it.", nameof(label))
            : text;
    }
}
