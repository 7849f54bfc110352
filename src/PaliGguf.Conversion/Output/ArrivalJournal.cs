using System.Globalization;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Output;

/// <summary>How far a checkpoint has arrived and been written.</summary>
/// <param name="File">How many of its files have, as a whole.</param>
/// <param name="Position">Up to where the next one has: the end of a tensor; 0 where nothing of it has.</param>
/// <param name="Hash">The hash of that part (<see cref="Sha256State"/>); empty where there is none.</param>
/// <param name="Digests">The SHA-256 of tensors that are compared in the end, by file and beginning.</param>
internal sealed record Arrival(int File, long Position, string Hash, IReadOnlyDictionary<string, string> Digests)
{
    public static Arrival None { get; } = new(0, 0, "", new Dictionary<string, string>());
}

/// <summary>A file beside unfinished ones that tells how far these are, so that another run goes on there.</summary>
/// <param name="path">The file.</param>
/// <param name="plan">What tells one job from another: with any other, nothing is known.</param>
internal sealed class ArrivalJournal(string path, string plan)
{
    private const long Longest = 1 << 20;

    /// <summary>What was noted last; null where that is of another job, or nothing was.</summary>
    public Arrival? Read()
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: < Longest }) return null;
            string[] lines = File.ReadAllLines(path);
            if (lines.Length < 4 || lines[0] != plan) return null;
            if (!int.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out int file)) return null;
            if (!long.TryParse(lines[2], NumberStyles.None, CultureInfo.InvariantCulture, out long position)) return null;
            if (position > 0 && Sha256State.Load(lines[3]) is null) return null;
            return new Arrival(file, position, lines[3],
                lines[4..].Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => parts[^1], StringComparer.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Notes how far it is, in place of what was noted before.</summary>
    public void Write(Arrival arrival)
    {
        string next = path + ".next";
        IEnumerable<string> digests = arrival.Digests.Select(digest => $"{digest.Key} {digest.Value}");
        using (StreamWriter writer = new(new FileStream(next, FileMode.Create, FileAccess.Write)))
        {
            foreach (string line in (IEnumerable<string>)[plan, $"{arrival.File}", $"{arrival.Position}", arrival.Hash, .. digests])
                writer.WriteLine(line);
            writer.Flush();
            ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }
}
