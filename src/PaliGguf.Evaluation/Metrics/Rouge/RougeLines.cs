namespace PaliGguf.Evaluation.Metrics.Rouge;

/// <summary>ROUGE-Lsum of texts of several lines.</summary>
internal static class RougeLines
{
    // Cells of the table of one pair of lines, a byte each.
    private const long MostCells = 1L << 28;

    /// <summary>Each word counts at most as often as it occurs in both texts.</summary>
    public static RougeScore Score(int[][] prediction, int[][] reference)
    {
        Dictionary<int, int> left = Counts(prediction);
        Dictionary<int, int> leftInReference = Counts(reference);
        int hits = 0;
        foreach (int[] line in reference)
        {
            bool[] common = new bool[line.Length];
            foreach (int[] other in prediction) Mark(line, other, common);
            for (int i = 0; i < line.Length; i++)
            {
                if (!common[i] || left.GetValueOrDefault(line[i]) == 0 || leftInReference[line[i]] == 0) continue;
                hits++;
                left[line[i]]--;
                leftInReference[line[i]]--;
            }
        }

        return RougeScore.Of(hits, prediction.Sum(line => line.Length), reference.Sum(line => line.Length));
    }

    // Marks the reference's words of one longest common subsequence. Back from the end: a match is taken; else left in the prediction only
    // where that is longer, else up in the reference.
    private static void Mark(int[] reference, int[] prediction, bool[] common)
    {
        if ((long)reference.Length * prediction.Length > MostCells)
        {
            throw new ArgumentException(
                $"A line of {prediction.Length} words against one of {reference.Length} is too long for ROUGE-Lsum.");
        }

        bool[] leftIsLonger = new bool[reference.Length * prediction.Length];
        int[] above = new int[prediction.Length + 1];
        int[] row = new int[prediction.Length + 1];
        for (int i = 0; i < reference.Length; i++)
        {
            for (int j = 0; j < prediction.Length; j++)
            {
                leftIsLonger[(i * prediction.Length) + j] = row[j] > above[j + 1];
                row[j + 1] = reference[i] == prediction[j] ? above[j] + 1 : Math.Max(row[j], above[j + 1]);
            }

            (above, row) = (row, above);
        }

        for (int i = reference.Length - 1, j = prediction.Length - 1; i >= 0 && j >= 0;)
        {
            if (reference[i] == prediction[j])
            {
                common[i--] = true;
                j--;
            }
            else if (leftIsLonger[(i * prediction.Length) + j])
            {
                j--;
            }
            else
            {
                i--;
            }
        }
    }

    private static Dictionary<int, int> Counts(int[][] lines) => lines.SelectMany(line => line).CountBy(word => word).ToDictionary();
}
