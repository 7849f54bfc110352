using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tensors;

/// <summary>Whatever is missing, unfit or surplus among the tensors of a file, gathered so that one error tells it all.</summary>
internal sealed class TensorProblems
{
    private const int MostShown = 10;
    private readonly List<string> _missing = [];
    private readonly List<string> _unfit = [];
    private readonly List<string> _surplus = [];

    public void AddMissing(string name) => _missing.Add("missing " + OneLine.Show(name));

    public void AddSurplus(string name) => _surplus.Add("surplus " + OneLine.Show(name));

    public void AddUnfit(string name, string problem) => _unfit.Add($"{OneLine.Show(name)} {problem}");

    public void AddUnfit(SourceTensor tensor, IReadOnlyList<long> expected) =>
        AddUnfit(tensor.Name, $"is {OneLine.Show(tensor.Shape)}, expected {OneLine.Show(expected)}");

    /// <exception cref="ModelFormatException">There is a problem; lists the first ten, and how many more there are.</exception>
    public void ThrowIfAny(string path, string summary)
    {
        // What is unfit says most; the names of all that is missing may be many.
        string[] problems = [.. _unfit, .. _missing, .. _surplus];
        if (problems.Length == 0) return;
        string more = problems.Length > MostShown ? $"; and {problems.Length - MostShown} more" : "";
        string counts = string.Join(
            ", ",
            new[] { (_missing.Count, "missing"), (_unfit.Count, "unfit"), (_surplus.Count, "surplus") }
                .Where(kind => kind.Item1 > 0)
                .Select(kind => $"{kind.Item1} {kind.Item2}"));
        throw new ModelFormatException(path, $"{summary} ({counts}): {string.Join("; ", problems.Take(MostShown))}{more}");
    }
}
