using System.Text.Json;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>A mask in a JSON file of its own.</summary>
public static class DatasetMask
{
    /// <summary>Reads a mask.</summary>
    /// <param name="path">A file with an object of COCO's runs, <c>{"size": [height, width], "counts": ...}</c>.</param>
    /// <returns>Null if the file's JSON is no such object, as a data set's.</returns>
    /// <exception cref="PaliException">The file can not be read, or the runs are malformed.</exception>
    public static MaskBitmap? Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            FileInfo file = new(path);
            if (file.Exists && file.Length > DatasetFile.LargestItem) return null;
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("counts", out _)) return null;
            DatasetItem item = DatasetItem.Of(path, 1, "", json.RootElement);
            return ObjectFields.Mask(item, item.Value, size: null).ToBitmap();
        }
        catch (JsonException)
        {
            // Whoever reads it as a data set tells the line.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PaliException($"{path}: it can not be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
