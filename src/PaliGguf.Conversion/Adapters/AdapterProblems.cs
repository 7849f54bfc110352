namespace PaliGguf.Conversion.Adapters;

/// <summary>What is wrong with an adapter, gathered and reported all at once.</summary>
/// <param name="path">The file or folder that the message names.</param>
/// <param name="heading">What the problems have in common.</param>
internal sealed class AdapterProblems(string path, string heading)
{
    private const int MostShown = 10;
    private readonly List<string> _problems = [];

    public void Add(string problem) => _problems.Add(problem);

    /// <summary>To be called when everything has been looked at.</summary>
    /// <exception cref="ModelFormatException">There are problems: lists the first ten, and how many more there are.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count == 0) return;
        string more = _problems.Count > MostShown ? $"; and {_problems.Count - MostShown} more" : "";
        throw new ModelFormatException(path, $"{heading}: {string.Join("; ", _problems.Take(MostShown))}{more}");
    }
}
