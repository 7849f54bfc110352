using System.Text.Json.Serialization;

namespace PaliGguf.Evaluation.Journals;

/// <summary>What answers a journal holds: whatever changes them.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Dataset">The data set, as it was named; it may be moved without harm.</param>
/// <param name="Model">The model.</param>
/// <param name="Adapters">The adapters that answer with it, in their order.</param>
/// <param name="Options">How answers are made: prompt, longest answer, sampling and the like, by the names of the command line.</param>
public sealed record JournalHeader(
    string Task, string Dataset, JournalModel Model, IReadOnlyList<JournalAdapter> Adapters, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>The version of the form that this program writes.</summary>
    public const int Version = 1;

    /// <summary>The version of the form. A journal is known by this beginning.</summary>
    [JsonPropertyOrder(-1)]
    public int Journal { get; init; } = Version;

    /// <summary>The folder of the pictures, as it was named; null for that of the data set's file.</summary>
    public string? Images { get; init; }

    /// <summary>The file with the answers, as it was named; null where the data set has them.</summary>
    public string? Annotations { get; init; }

    /// <summary>The part of the data set's folder, as it was named; null for the first that there is.</summary>
    public string? Split { get; init; }

    /// <summary>In what the answers that another header stands for differ from these.</summary>
    /// <returns>A line for each difference; none where they are the same.</returns>
    public IEnumerable<string> Differences(JournalHeader other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Dictionary<string, string> ours = Facts();
        Dictionary<string, string> theirs = other.Facts();
        return from name in ours.Keys.Union(theirs.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
               let one = ours.GetValueOrDefault(name, "not set")
               let two = theirs.GetValueOrDefault(name, "not set")
               where one != two
               select $"{name}: {one} there, {two} now";
    }

    private Dictionary<string, string> Facts()
    {
        Dictionary<string, string> facts = new(StringComparer.Ordinal)
        {
            ["task"] = Task,
            ["model"] = $"{Model.Name} ({Model.Text})",
            ["vision"] = Model.Vision,
        };
        foreach ((string name, string value) in Options) facts[$"--{name}"] = value;
        foreach (JournalAdapter adapter in Adapters)
        {
            facts[$"adapter {adapter.Name}"] = FormattableString.Invariant($"scale {adapter.Scale} ({adapter.File})");
        }

        return facts;
    }
}

/// <summary>A model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">The fingerprint of its text file (<see cref="FileFingerprint"/>).</param>
/// <param name="Vision">That of its vision file.</param>
public sealed record JournalModel(string Name, string Text, string Vision);

/// <summary>An adapter.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Scale">How much of it is used.</param>
/// <param name="File">The fingerprint of its file.</param>
public sealed record JournalAdapter(string Name, float Scale, string File);
