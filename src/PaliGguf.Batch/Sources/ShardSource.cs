using PaliGguf.Evaluation;
using PaliGguf.Imaging.Frames;

namespace PaliGguf.Batch.Sources;

/// <summary>
/// A tar file of samples, as WebDataset has them: members that follow each other and are called the same up to the first dot of their file
/// names are one sample. Its picture is the first member that is called like one; it may be asked what its <c>.json</c> says.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="options">How it is read.</param>
internal sealed class ShardSource(string path, SourceOptions options) : IWorkSource
{
    private const int LongestJson = 1 << 20;

    public bool MayRepeat => true;

    public long? Count(CancellationToken cancellationToken = default) => Samples(cancellationToken).LongCount();

    public IEnumerable<WorkItem> Items(CancellationToken cancellationToken = default) => Samples(cancellationToken).Select(Item);

    /// <summary>
    /// The part of a member's name that it shares with the others of its sample; null for hidden ones and those without an ending, which
    /// belong to none.
    /// </summary>
    internal static string? Key(string name)
    {
        int file = name.LastIndexOf('/') + 1;
        int dot = name.IndexOf('.', file);
        return dot > file ? name[..dot] : null;
    }

    private IEnumerable<Sample> Samples(CancellationToken cancellationToken)
    {
        Sample? sample = null;
        foreach (TarMember member in new TarMembers(path).Read(cancellationToken))
        {
            if (Key(member.Name) is not { } key) continue;
            if (sample?.Key != key)
            {
                if (sample is not null) yield return sample;
                sample = new Sample(key);
            }

            if (PictureFolder.IsPicture(member.Name)) sample.Picture ??= member;
            else if (member.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) sample.Json ??= member;
        }

        if (sample is not null) yield return sample;
    }

    private WorkItem Item(Sample sample)
    {
        string id = $"{path}/{sample.Key}";
        if (sample.Picture is not { } picture) return WorkItem.Broken(id, id, $"{id}: the sample has no picture.");
        WorkItem item = new(id, new TarPicture(path, picture));
        if (picture.Problem is { } problem) return item with { Problem = $"{item.Picture.Name}: {problem}." };
        if (!options.TablesAsk || sample.Json is not { } json) return item;
        try
        {
            return item with { Questions = ItemFields.OfTable(Read(json), options.Language) };
        }
        catch (FormatException e)
        {
            return item with { Problem = $"{path}/{json.Name}: {e.Message}." };
        }
    }

    private byte[] Read(TarMember json)
    {
        if (json.Length > LongestJson)
            throw new FormatException($"it has {json.Length} bytes, more than the {LongestJson} that it may have");
        if (json.Problem is { } problem) throw new FormatException(problem);
        try
        {
            using FileStream file = InputFile.Open(path, "the shard");
            byte[] bytes = new byte[json.Length];
            file.Position = json.Offset;
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (IOException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private sealed record Sample(string Key)
    {
        public TarMember? Picture { get; set; }

        public TarMember? Json { get; set; }
    }
}
