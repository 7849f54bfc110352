namespace PaliGguf.Evaluation.Datasets;

/// <summary>How a data set is read.</summary>
public sealed record DatasetOptions
{
    /// <summary>The folder with the pictures; null for that of the file.</summary>
    public string? Images { get; init; }

    /// <summary>The file with the answers, where the data set's file has the questions alone, as VQA's; null where it has both.</summary>
    public string? Annotations { get; init; }

    /// <summary>Which part of a folder is meant: "valid", "test", "train"; null for the first of these that there is.</summary>
    public string? Split { get; init; }

    /// <summary>Whether the masks of objects are read too, which takes long.</summary>
    public bool Masks { get; init; }

    /// <summary>Whether the same may be asked of a picture several times, as data to train on does with different answers.</summary>
    public bool Repeats { get; init; }

    /// <summary>
    /// Told of each row that is malformed, which is then left out; null to end with the first one. What is malformed in COCO's files, whose objects
    /// belong together, and in the JSON of others than JSON lines, ends the reading always.
    /// </summary>
    public Action<PaliException>? Broken { get; init; }

    /// <summary>Forms of files beside those of JSON.</summary>
    public IReadOnlyList<ITableFormat> Formats { get; init; } = [];
}

/// <summary>A form of files that hold rows with pictures in them.</summary>
public interface ITableFormat
{
    /// <summary>The ending of such files' names, with the dot, in lower case.</summary>
    string Extension { get; }

    /// <summary>Reads the rows of a file.</summary>
    /// <exception cref="PaliException">Thrown while reading: the file can not be read, or is malformed.</exception>
    IEnumerable<TableRow> Read(string path, CancellationToken cancellationToken);
}

/// <summary>A row.</summary>
/// <param name="Number">From 1 on.</param>
/// <param name="Json">Its columns but for the picture, as a JSON object in UTF-8.</param>
/// <param name="Picture">The picture in it; null without one.</param>
public sealed record TableRow(long Number, ReadOnlyMemory<byte> Json, PictureSource? Picture);
