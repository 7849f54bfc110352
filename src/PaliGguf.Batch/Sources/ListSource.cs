using System.Text;
using PaliGguf.Evaluation;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Hosting.Requests;

namespace PaliGguf.Batch.Sources;

/// <summary>
/// A line a picture: its path, or an object of JSON with <c>image</c>, and perhaps <c>id</c>, <c>task</c> and <c>prompt</c>. Empty lines do
/// not count. A line that is neither is an item that fails.
/// </summary>
/// <param name="name">What the list is called.</param>
/// <param name="open">Opens it.</param>
/// <param name="options">How it is read.</param>
/// <param name="again">Whether it can be opened again, to count its lines.</param>
internal sealed class ListSource(string name, Func<Stream> open, SourceOptions options, bool again = true) : IWorkSource
{
    private readonly string _folder = options.Images ?? (again ? Path.GetDirectoryName(name) ?? "" : "");

    /// <summary>A list in a file.</summary>
    public static ListSource OfFile(string path, SourceOptions options) => new(path, () => InputFile.Open(path, "the list"), options);

    public bool MayRepeat => true;

    public long? Count(CancellationToken cancellationToken = default)
    {
        if (!again) return null;
        long count = 0;
        foreach (BoundedLines lines in Lines(cancellationToken)) if (!IsEmpty(lines)) count++;
        return count;
    }

    public IEnumerable<WorkItem> Items(CancellationToken cancellationToken = default) =>
        from lines in Lines(cancellationToken) where !IsEmpty(lines) select Item(lines);

    private static bool IsEmpty(BoundedLines lines) => lines.Line.Span.Trim(" \t"u8).IsEmpty;

    private IEnumerable<BoundedLines> Lines(CancellationToken cancellationToken)
    {
        using Stream stream = open();
        BoundedLines lines = new(stream);
        while (Read(lines))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return lines;
        }
    }

    private bool Read(BoundedLines lines)
    {
        try
        {
            return lines.Read();
        }
        catch (IOException e)
        {
            throw new PaliException($"{name}: it can not be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private WorkItem Item(BoundedLines lines)
    {
        try
        {
            if (lines.TooLong) throw new FormatException($"it has more than {BoundedLines.Longest} bytes");
            return lines.Line.Span.TrimStart(" \t"u8) is [(byte)'{', ..] ? OfJson(lines.Line) : OfPath(lines.Line);
        }
        catch (FormatException e)
        {
            string place = $"{name}, line {lines.Number}";
            return WorkItem.Broken(place, place, $"{place}: {e.Message}.");
        }
    }

    private WorkItem OfPath(ReadOnlyMemory<byte> line)
    {
        string path = Encoding.UTF8.GetString(line.Span);
        return new WorkItem(path, Picture(path));
    }

    private WorkItem OfJson(ReadOnlyMemory<byte> line)
    {
        ItemFields fields = ItemFields.Read(line, options.Language);
        string image = fields.Image ?? throw new FormatException("it has no 'image'");
        // Several lines may ask several things about one picture.
        string id = fields.Id
            ?? (fields.Questions.Count == 0 ? image : $"{image}#{string.Join('#', fields.Questions.Select(question => question.Name))}");
        return new WorkItem(id, Picture(image)) { Questions = fields.Questions };
    }

    private PictureSource Picture(string path)
    {
        bool isAddress = path.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            || path.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
        if (isAddress && Uri.TryCreate(path, UriKind.Absolute, out Uri? address)) return new PictureAddress(address);
        LocalName local = LocalName.Of(path);
        if (local.Problem is { } problem) throw new FormatException($"'{path}': {problem}");
        if (local.Path.Contains('\0', StringComparison.Ordinal)) throw new FormatException("the name of its picture is none");
        return new PictureFile(Path.Combine(_folder, local.Path));
    }
}
