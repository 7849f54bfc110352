using System.Text.Json;

namespace PaliGguf.Tests;

/// <summary>The reference outputs of a tiny random checkpoint.</summary>
internal sealed class GoldenSet
{
    private GoldenSet(string name)
    {
        Folder = Repository.Golden(name);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "golden.json")));
        JsonElement root = document.RootElement;
        Cases = root.GetProperty("cases").EnumerateArray().Select((item, index) => new GoldenCase(
            index, item.GetProperty("image").GetString()!, item.GetProperty("prefix").GetString()!, Ids(item.GetProperty("text_ids")),
            item.GetProperty("n_prefix").GetInt32(), Ids(item.GetProperty("suffix_ids")))).ToArray();
        Tokenizations = root.GetProperty("tokenize").EnumerateArray().Select(item => (item.GetProperty("text").GetString()!, Ids(item.GetProperty("ids")))).ToArray();
        Detokenizations = root.GetProperty("detokenize").EnumerateArray().Select(item => (Ids(item.GetProperty("ids")), item.GetProperty("text").GetString()!)).ToArray();
        Arrays = SafetensorsArrays.Load(Path.Combine(Folder, "arrays.safetensors"));
    }

    public string Folder { get; }

    public IReadOnlyList<GoldenCase> Cases { get; }

    public IReadOnlyList<(string Text, int[] Ids)> Tokenizations { get; }

    public IReadOnlyList<(int[] Ids, string Text)> Detokenizations { get; }

    public SafetensorsArrays Arrays { get; }

    public static GoldenSet Load(string name) => new(name);

    private static int[] Ids(JsonElement array) => array.EnumerateArray().Select(id => id.GetInt32()).ToArray();
}

internal sealed record GoldenCase(int Index, string Image, string Prefix, int[] TextIds, int PrefixLength, int[] Suffix)
{
    public int ImageIndex => Image[^5] - '0';
}
