using System.IO.Enumeration;
using PaliGguf.Hosting.Requests;
using PaliGguf.Imaging.Frames;

namespace PaliGguf.Batch.Sources;

/// <summary>
/// Finds out what a name stands for: a folder, a picture, a shard (<c>.tar</c>), a table (<c>.parquet</c>), any other file for a list,
/// <c>-</c> for one on standard input, or a pattern of file names.
/// </summary>
public static class WorkSources
{
    /// <summary>Stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>
    /// The pictures that some names stand for, one after the other. A folder, shard or list that can not be read on is an item that fails.
    /// </summary>
    /// <exception cref="PaliException">There is nothing of a name.</exception>
    public static IWorkSource Open(IReadOnlyList<string> inputs, SourceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= new SourceOptions();
        if (inputs.Count(input => input == StandardInput) > 1) throw new PaliException("standard input ('-') can be read once only.");
        return new JoinedSource([.. inputs.SelectMany(input => Named(input, inputs.Count > 1, options))]);
    }

    private static IEnumerable<(string Name, IWorkSource Source)> Named(string input, bool several, SourceOptions options)
    {
        if (input == StandardInput)
            return [("standard input", new ListSource("standard input", options.StandardInput, options, again: false))];
        LocalName local = LocalName.Of(input);
        if (local.Problem is { } problem) throw new PaliException($"{input}: {problem}.");
        string path = local.Path;
        if (Directory.Exists(path))
            return [(path, new FolderSource(path, options.Pattern, several ? Path.TrimEndingDirectorySeparator(path) + "/" : ""))];
        if (File.Exists(path)) return [(path, OfFile(path, options))];
        return path.AsSpan().ContainsAny('*', '?') ? Matching(path, options)
            : throw new PaliException($"{path}: there is no such file or folder.");
    }

    private static IWorkSource OfFile(string path, SourceOptions options) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".tar" => new ShardSource(path, options),
        ".parquet" => new RowSource(path, options),
        ".gz" or ".tgz" or ".zst" or ".bz2" or ".xz" or ".zip" =>
            throw new PaliException($"{path}: it is compressed, and pictures hardly get smaller by that: unpack it first."),
        _ when PictureFolder.IsPicture(path) => new PictureItem(path),
        _ => ListSource.OfFile(path, options),
    };

    private static IEnumerable<(string Name, IWorkSource Source)> Matching(string path, SourceOptions options)
    {
        string folder = Path.GetDirectoryName(path) ?? "";
        string pattern = Path.GetFileName(path);
        if (folder.AsSpan().ContainsAny('*', '?')) throw new PaliException($"{path}: only the last part of a path may be a pattern.");
        if (!Directory.Exists(folder.Length > 0 ? folder : ".")) throw new PaliException($"{folder}: there is no such folder.");
        // Pictures may be millions; the others are few, as each holds many.
        if (PictureFolder.IsPicture(pattern))
        {
            return [(path, new FolderSource(
                folder.Length > 0 ? folder : ".", pattern, folder.Length > 0 ? folder + "/" : "", recursive: false))];
        }

        string[] files = [.. Files(folder, pattern)];
        return files.Length > 0 ? files.Select(file => (file, OfFile(file, options)))
            : throw new PaliException($"{path}: no file is called like this.");
    }

    private static IEnumerable<string> Files(string folder, string pattern) =>
        new DirectoryInfo(folder.Length > 0 ? folder : ".").EnumerateFiles().Select(file => file.Name)
            .Where(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))
            .Order(NaturalOrder.Instance).Select(name => Path.Combine(folder, name));
}
