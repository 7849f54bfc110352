using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PaliGguf.Scenes.Output;

/// <summary>JSON as data sets have it: a line an item, Thai as it is.</summary>
internal static class Lines
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(Plain) { WriteIndented = true };

    public static string Of(JsonObject item) => item.ToJsonString(Plain);

    public static string Page(JsonObject item) => item.ToJsonString(Indented) + "\n";

    /// <summary>Opens a file of lines, which end alike on every system.</summary>
    public static StreamWriter Create(string folder, string name) => new(Path.Combine(folder, name)) { NewLine = "\n" };
}
