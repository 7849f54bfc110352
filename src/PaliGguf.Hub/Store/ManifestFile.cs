using System.Text.Json;
using System.Text.Json.Serialization;
using PaliGguf.Hub.Repositories;

namespace PaliGguf.Hub.Store;

/// <summary>The manifest on the disk: where it lies, what was pulled is complete.</summary>
internal static class ManifestFile
{
    private const string Name = "manifest.json";
    private const long Longest = 64 * 1024 * 1024;

    /// <summary>Reads the manifest of a folder.</summary>
    /// <returns>Null where there is none, or files that it names are not there as it says.</returns>
    public static PullManifest? Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length > Longest) return null;
            PullManifest? manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), ManifestJson.Default.PullManifest);
            return manifest?.Files is { Count: > 0 } files && files.All(file => IsThere(folder, file)) ? manifest : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes it, whole or not at all.</summary>
    public static void Write(string folder, PullManifest manifest) =>
        PendingFile.Write(Path.Combine(folder, Name), JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Default.PullManifest));

    private static bool IsThere(string folder, PulledFile file) =>
        file?.Name is { } name && RepositoryFile.MayBeStored(name) && new FileInfo(Path.Combine(folder, name)) is { Exists: true } there
            && there.Length == file.Bytes;
}

/// <summary>How manifests are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(PullManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
