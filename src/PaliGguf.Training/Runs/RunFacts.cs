using System.Text.Json;
using System.Text.Json.Nodes;

namespace PaliGguf.Training.Runs;

/// <summary>What the numbers of a run depend on, by the names of the command line: two runs of the same facts are the same run.</summary>
internal static class RunFacts
{
    private const string FileName = "run.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Keeps the facts of a run in its folder, or makes sure that the run there has the same.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="facts">The facts.</param>
    /// <exception cref="PaliException">Another run is there; says in what it differs.</exception>
    public static void Claim(string folder, IReadOnlyDictionary<string, string> facts)
    {
        string path = Path.Combine(folder, FileName);
        if (File.Exists(path))
        {
            IReadOnlyDictionary<string, string> earlier = Read(folder);
            string[] differences =
            [
                .. from name in facts.Keys.Union(earlier.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                   let there = earlier.GetValueOrDefault(name, "not set")
                   let now = facts.GetValueOrDefault(name, "not set")
                   where there != now
                   select $"{name}: {there} there, {now} now",
            ];
            if (differences.Length == 0) return;
            throw new PaliException(
                $"{folder}: another run is there ({string.Join("; ", differences)}); name another folder, or run as before.");
        }

        JsonObject content = new(facts.Select(fact => KeyValuePair.Create(fact.Key, (JsonNode?)fact.Value)));
        PendingFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(content, Indented));
    }

    /// <summary>The facts of the run in a folder.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <exception cref="PaliException">They can not be read.</exception>
    public static IReadOnlyDictionary<string, string> Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            using FileStream file = RegularFile.Open(path);
            return JsonSerializer.Deserialize<Dictionary<string, string>>(file) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new PaliException($"{path}: it can not be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
