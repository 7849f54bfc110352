using System.Text.Json;
using PaliGguf.Imaging;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>A mask in a JSON file of its own.</summary>
public static class DatasetMask
{
    /// <summary>Reads a mask.</summary>
    /// <param name="path">A file with an object of COCO's runs, <c>{"size": [height, width], "counts": ...}</c>.</param>
    /// <param name="limits">How large the mask's picture may be; null for <see cref="ImageLimits.Default"/>, which is the most.</param>
    /// <returns>Null if the file's JSON is no such object, as a data set's.</returns>
    /// <exception cref="PaliException">The file can not be read, the runs are malformed, or the picture is over the limits.</exception>
    public static MaskBitmap? Read(string path, ImageLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream file = InputFile.Open(path);
            if (file.Length > DatasetFile.LargestItem) return null;
            using JsonDocument json = JsonDocument.Parse(file);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("counts", out _)) return null;
            DatasetItem item = DatasetItem.Of(path, 1, "", json.RootElement);
            ObjectMask mask = ObjectFields.Mask(item, item.Value, size: null);
            limits?.CheckSize(path, mask.Width, mask.Height);
            return mask.ToBitmap();
        }
        catch (JsonException)
        {
            // Whoever reads it as a data set tells the line.
            return null;
        }
        catch (ImageLimitException e)
        {
            throw new PaliException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PaliException($"{path}: it can not be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
