namespace PaliGguf.Hosting.Pictures;

/// <summary>Where a path leads when all links on it are followed.</summary>
internal static class RealPath
{
    // As on Linux.
    private const int MaxLinks = 40;

    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>Follows the links of a path, of its folders too. What does not exist is no link.</summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="IOException">The links go round in a circle.</exception>
    public static string Of(string path)
    {
        string reached = Path.GetPathRoot(path)!;
        Stack<string> ahead = new(Parts(path));
        for (int links = 0; ahead.TryPop(out string? part);)
        {
            if (part == ".") continue;
            if (part == "..")
            {
                reached = Path.GetDirectoryName(reached) ?? reached;
                continue;
            }

            string next = Path.Combine(reached, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                reached = next;
                continue;
            }

            if (++links > MaxLinks) throw new IOException($"{path}: the links go round in a circle.");
            if (Path.IsPathRooted(target)) reached = Path.GetPathRoot(Path.GetFullPath(target))!;
            foreach (string further in Parts(target)) ahead.Push(further);
        }

        return reached;
    }

    private static IEnumerable<string> Parts(string path) =>
        path[(Path.GetPathRoot(path)?.Length ?? 0)..].Split(Separators, StringSplitOptions.RemoveEmptyEntries).Reverse();
}
