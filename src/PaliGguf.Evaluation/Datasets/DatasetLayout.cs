namespace PaliGguf.Evaluation.Datasets;

/// <summary>The files of a data set in a folder.</summary>
internal static class DatasetLayout
{
    // The names that parts of a data set go by; what is evaluated on comes first.
    private static readonly string[][] Splits = [["valid", "validation", "val"], ["test"], ["train"]];

    /// <summary>Finds the files of one part.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="split">The part; null for the first that there is.</param>
    /// <param name="endings">The endings of files of rows, with the dot.</param>
    /// <returns>One file, or the files that rows are spread over.</returns>
    /// <exception cref="PaliException">There is none, or the folder can not be read.</exception>
    public static IReadOnlyList<string> Find(string folder, string? split, IReadOnlyCollection<string> endings)
    {
        string[] files = List(folder, endings);
        string[][] wanted = split is null ? Splits : [Splits.FirstOrDefault(names => names.Contains(split, StringComparer.Ordinal)) ?? [split]];
        foreach (string name in wanted.SelectMany(names => names))
        {
            string[] lines = [$"{name}/annotations.jsonl", $"_annotations.{name}.jsonl", $"dataset/_annotations.{name}.jsonl",
                $"{name}/_annotations.{name}.jsonl", $"{name}.jsonl"];
            if (lines.FirstOrDefault(files.Contains) is { } file) return [Path.Combine(folder, file)];
            string[] rows = [.. files.Where(each => IsPart(each, name, endings))];
            if (rows.Length > 0) return [.. rows.Select(each => Path.Combine(folder, each))];
        }

        string part = split is null ? "" : $" of the part '{split}'";
        throw new PaliException(
            $"{folder}: it holds no data set{part}: expected valid/annotations.jsonl, _annotations.valid.jsonl, valid.jsonl, or "
            + "validation-*.parquet; or name the file itself.");
    }

    // As hubs call them: validation-00000-of-00004.parquet.
    private static bool IsPart(string file, string name, IReadOnlyCollection<string> endings)
    {
        string stem = Path.GetFileNameWithoutExtension(file);
        return endings.Contains(Path.GetExtension(file).ToLowerInvariant())
            && (stem == name || stem.StartsWith(name + "-", StringComparison.Ordinal)
                || Path.GetFileName(Path.GetDirectoryName(file)) == name);
    }

    private static string[] List(string folder, IReadOnlyCollection<string> endings)
    {
        EnumerationOptions options = new() { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = true };
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*", options)
                .Where(file => Path.GetExtension(file).ToLowerInvariant() is ".jsonl" || endings.Contains(Path.GetExtension(file).ToLowerInvariant()))
                .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PaliException($"{folder}: it can not be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
