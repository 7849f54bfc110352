using System.Text.Json;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Metrics;

/// <summary>A file of cases.</summary>
internal sealed class MetricCaseFile
{
    private static readonly Lazy<MetricCaseFile[]> Loaded = new(() =>
        [.. Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(path => new MetricCaseFile(path))
            .Where(file => !file.IsModel)]);

    private MetricCaseFile(string path)
    {
        Name = Path.GetFileName(path);
        Root = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
        Cases = Root.TryGetProperty("cases", out JsonElement cases) ? [.. cases.EnumerateArray().Select(item => new MetricCase(this, item))]
            : [];
    }

    public static MetricCaseFile[] All => Loaded.Value;

    public string Name { get; }

    public JsonElement Root { get; }

    public IReadOnlyList<MetricCase> Cases { get; }

    /// <summary>What the file says it is about; empty where it says nothing.</summary>
    public string Metric => Root.TryGetProperty("metric", out JsonElement metric) ? metric.GetString()! : "";

    // The weights that the cases of another file were computed with.
    private bool IsModel => Root.TryGetProperty("weights", out _) && Metric.Length == 0;

    /// <summary>Where the files are.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("PALIGGUF_METRIC_CASES") is { Length: > 0 } named
        ? named
        : Own;

    /// <summary>The files of the repository.</summary>
    public static string Own => Path.Combine(Repository.Root, "tests", "PaliGguf.Evaluation.Tests", "Metrics", "Cases");

    /// <summary>The other cases of this file that a case is about.</summary>
    public IReadOnlyList<MetricCase> Members(MetricCase item) =>
        item.Value.GetProperty("members") is { ValueKind: JsonValueKind.Array } names
        ? [.. names.EnumerateArray().Select(name => Find(name.GetString()!))]
        : [.. Cases.TakeWhile(other => other != item)];

    /// <summary>A case of this file, or of another file of the folder.</summary>
    public MetricCase Find(string id) =>
        Cases.FirstOrDefault(item => item.Id == id) ?? throw new InvalidDataException($"{Name}: there is no case '{id}'.");
}

/// <summary>One case.</summary>
internal sealed class MetricCase(MetricCaseFile file, JsonElement value)
{
    public MetricCaseFile File { get; } = file;

    public JsonElement Value { get; } = value;

    public string Id => Text("id");

    public JsonElement this[string name] => Value.GetProperty(name);

    public bool Has(string name) => Value.TryGetProperty(name, out _);

    public string Text(string name) => this[name].GetString()!;

    public string[] Texts(string name) => Value.GetProperty(name).Texts();

    /// <summary>Whether anything of the case was compared.</summary>
    public bool IsCompared { get; private set; }

    /// <summary>Compares a field, where the case has it, with what ours gives.</summary>
    public void Expect(string name, Func<object?> actual, double relative = Expected.Relative)
    {
        if (!Value.TryGetProperty(name, out JsonElement expected)) return;
        Expected.Equal(expected, actual(), name, relative);
        IsCompared = true;
    }

    /// <summary>Where the original throws: ours has a clear error.</summary>
    public void ExpectError(string name, Action actual)
    {
        Assert.True(this[name].IsError(), $"{name}: {this[name]} is no error.");
        Assert.Throws<ArgumentException>(actual);
        IsCompared = true;
    }

    /// <summary>The same for each value of an object, by its name.</summary>
    public void ExpectEach(string name, Func<string, object?> actual)
    {
        if (!Value.TryGetProperty(name, out JsonElement expected)) return;
        foreach (JsonProperty field in expected.EnumerateObject()) Expected.Equal(field.Value, actual(field.Name), $"{name}.{field.Name}");
        IsCompared = true;
    }
}
