using System.Globalization;

namespace PaliGguf.Evaluation.Metrics.Bert;

/// <summary>What unrelated texts score, by layer: the files that bert_score publishes (<c>rescale_baseline/en/bert-base-....tsv</c>).</summary>
public static class BertBaseline
{
    private const long LongestFile = 1 << 20;
    private const string Header = "LAYER,P,R,F";

    /// <summary>Reads the values of a layer.</summary>
    /// <param name="path">Lines of a layer and three numbers with commas between them, below the header "LAYER,P,R,F".</param>
    /// <param name="layer">The layer.</param>
    /// <exception cref="PaliException">The file can not be read, is malformed, or has no such layer.</exception>
    public static BertScore Read(string path, int layer)
    {
        ArgumentNullException.ThrowIfNull(path);
        string[] lines = InputFile.ReadText(path, "the baseline", LongestFile).ReplaceLineEndings("\n").Split('\n');
        if (lines.Length == 0 || lines[0].Trim() != Header) throw Bad(path, 1, $"the header {Header} is missing");
        for (int i = 1; i < lines.Length; i++)
        {
            string[] fields = lines[i].Split(',', StringSplitOptions.TrimEntries);
            if (fields is [""]) continue;
            if (fields.Length != 4 || !int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                throw Bad(path, i + 1, "expected a layer and three numbers");
            }

            if (number == layer) return new BertScore(Number(fields[1]), Number(fields[2]), Number(fields[3]));

            double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                && value < 1 && value > -1
                    ? value
                    : throw Bad(path, i + 1, "expected three numbers between -1 and 1");
        }

        throw new PaliException($"{path}: there is no line for layer {layer}.");
    }

    private static PaliException Bad(string path, int line, string problem) => new($"{path}, line {line}: {problem}.");
}
