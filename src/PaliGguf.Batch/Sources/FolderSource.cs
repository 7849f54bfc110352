using System.IO.Enumeration;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Imaging.Frames;

namespace PaliGguf.Batch.Sources;

/// <summary>
/// The pictures in a folder, and below it. Files of a folder come before those of its subfolders. Up to 100,000 files of one folder come in
/// natural order; those of a larger one as the file system lists them, so that no more names than these are ever held. Links to folders are
/// not followed, and hidden ones are passed over.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="pattern">Which files are taken; null for those that are called like pictures.</param>
/// <param name="prefix">What ids begin with.</param>
/// <param name="recursive">Whether its subfolders are read too.</param>
/// <param name="mostSorted">The most files of one folder that are put in order.</param>
internal sealed class FolderSource(string folder, string? pattern, string prefix = "", bool recursive = true, int mostSorted = 100_000)
    : IWorkSource
{
    private static readonly EnumerationOptions Options = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    public bool MayRepeat => false;

    public long? Count(CancellationToken cancellationToken = default) => Items(cancellationToken).LongCount();

    public IEnumerable<WorkItem> Items(CancellationToken cancellationToken = default)
    {
        Stack<string> open = new([""]);
        while (open.TryPop(out string? below))
        {
            string path = Path.Combine(folder, below);
            List<string> folders = [];
            using Names names = new(() => Entries(path, below, folders));
            foreach (string name in Ordered(names))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new WorkItem(string.Concat(prefix, below, name), new PictureFile(Path.Combine(path, name)));
            }

            if (names.Problem is { } problem)
                yield return WorkItem.Broken(prefix + below, path, $"{path}: the folder can not be read: {problem}");
            foreach (string next in folders.OrderDescending(NaturalOrder.Instance)) open.Push($"{below}{next}/");
        }
    }

    private IEnumerable<string> Ordered(Names names)
    {
        List<string> first = [];
        bool more;
        while ((more = names.MoveNext()) && first.Count < mostSorted) first.Add(names.Current);
        if (!more) first.Sort(NaturalOrder.Instance);
        foreach (string name in first) yield return name;
        first = [];
        for (; more; more = names.MoveNext()) yield return names.Current;
    }

    // One pass lists the files and gathers the folders.
    private FileSystemEnumerable<string> Entries(string path, string below, List<string> folders) =>
        new(path, static (ref entry) => entry.FileName.ToString(), Options)
        {
            ShouldIncludePredicate = (ref entry) =>
            {
                if (entry.FileName is ['.', ..]) return false;
                if (!entry.IsDirectory) return IsWanted(below, entry.FileName);
                if (recursive && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint)) folders.Add(entry.FileName.ToString());
                return false;
            },
        };

    private bool IsWanted(string below, ReadOnlySpan<char> name) =>
        pattern is null ? PictureFolder.IsPicture(name)
        : pattern.Contains('/', StringComparison.Ordinal)
            ? FileSystemName.MatchesSimpleExpression(pattern, string.Concat(below, name), ignoreCase: false)
        : FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    // The names of one folder; one that can not be read ends them, and not the others'.
    private sealed class Names(Func<IEnumerable<string>> open) : IDisposable
    {
        private IEnumerator<string>? _entries;

        public string Current => _entries!.Current;

        public string? Problem { get; private set; }

        public bool MoveNext()
        {
            try
            {
                return (_entries ??= open().GetEnumerator()).MoveNext();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Problem = e.Message.ReplaceLineEndings(" ");
                return false;
            }
        }

        public void Dispose() => _entries?.Dispose();
    }
}
