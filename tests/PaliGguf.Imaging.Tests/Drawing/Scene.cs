using System.Text.Json;
using PaliGguf.Imaging.Drawing;
using PaliGguf.Tests;

namespace PaliGguf.Imaging.Tests.Drawing;

/// <summary>A sample picture of pali-nano with what its generator put there.</summary>
internal sealed class Scene
{
    private Scene(RgbImage picture, IReadOnlyList<Annotation> annotations) => (Picture, Annotations) = (picture, annotations);

    public RgbImage Picture { get; }

    public IReadOnlyList<Annotation> Annotations { get; }

    public static Scene Load(string name, bool masks)
    {
        string folder = Path.Combine(Repository.PaliNano, "samples");
        RgbImage picture = ImageFile.Load(Path.Combine(folder, name + ".png"));
        using JsonDocument truth = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, name + ".json")));
        Annotation[] annotations = truth.RootElement.GetProperty("objects").EnumerateArray()
            .Select((thing, i) => Read(thing, picture) with { Score = 0.97f - (0.08f * i) })
            .ToArray();
        return new Scene(picture, masks ? annotations : annotations.Select(a => a with { Mask = null }).ToArray());
    }

    private static Annotation Read(JsonElement thing, RgbImage picture)
    {
        float[] box = thing.GetProperty("box_yxyx").EnumerateArray().Select(edge => edge.GetSingle()).ToArray();
        AnnotationBox pixels = new(box[1] * picture.Width, box[0] * picture.Height, box[3] * picture.Width, box[2] * picture.Height);
        bool[] inside = new bool[picture.Width * picture.Height];
        (int at, bool value) = (0, false);
        foreach (JsonElement run in thing.GetProperty("mask_rle").EnumerateArray())
        {
            inside.AsSpan(at, run.GetInt32()).Fill(value);
            (at, value) = (at + run.GetInt32(), !value);
        }

        return new Annotation(thing.GetProperty("name").GetString()!, pixels) { Mask = new AnnotationMask(inside, picture.Width, picture.Height) };
    }
}
