namespace PaliGguf.Batch.Sources;

/// <summary>How sources are read.</summary>
public sealed record SourceOptions
{
    /// <summary>
    /// Which files of a folder are taken, as in <c>*.jpg</c>; one with a slash is compared with the whole path below the folder. Null for
    /// those that are called like pictures.
    /// </summary>
    public string? Pattern { get; init; }

    /// <summary>The folder that names in lists begin at; null for that of the list.</summary>
    public string? Images { get; init; }

    /// <summary>The language of tasks that name none.</summary>
    public string Language { get; init; } = "en";

    /// <summary>
    /// Whether rows of tables and samples of shards may say what is asked about them (<c>task</c>, <c>prompt</c>). Lines of JSON always
    /// may.
    /// </summary>
    public bool TablesAsk { get; init; }

    /// <summary>What is read for the name <c>-</c>.</summary>
    public Func<Stream> StandardInput { get; init; } = Console.OpenStandardInput;
}
