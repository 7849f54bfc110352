using System.Text.Json;
using PaliGguf.Imaging;
using PaliGguf.Tasks;

namespace PaliGguf.Tests.Tasks;

/// <summary>A sample scene of the shipped model and what is in it.</summary>
internal sealed record SampleScene(RgbImage Image, IReadOnlyList<SampleObject> Objects)
{
    public IReadOnlyList<string> Labels => [.. Objects.Select(item => item.Label).Distinct()];

    /// <summary>Those with at least one thing in them.</summary>
    public static IReadOnlyList<SampleScene> LoadAll() =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.PaliNano, "samples"), "*.json").Order().Select(Load).Where(scene => scene.Objects.Count > 0)];

    private static SampleScene Load(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        RgbImage image = ImageFile.Load(Path.ChangeExtension(path, ".png"));
        return new SampleScene(image, [.. document.RootElement.GetProperty("objects").EnumerateArray().Select(item =>
        {
            float[] box = [.. item.GetProperty("box_yxyx").EnumerateArray().Select(value => value.GetSingle())];
            return new SampleObject(
                item.GetProperty("name").GetString()!,
                new NormalizedBox(box[0], box[1], box[2], box[3]),
                Mask([.. item.GetProperty("mask_rle").EnumerateArray().Select(run => run.GetInt32())]));
        })]);
    }

    /// <summary>Runs along the rows, the first one outside.</summary>
    private static bool[] Mask(int[] runs) => [.. runs.SelectMany((run, index) => Enumerable.Repeat(index % 2 == 1, run))];
}

internal sealed record SampleObject(string Label, NormalizedBox Box, bool[] Mask);
