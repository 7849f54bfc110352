using System.Text.Json;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Processes;

/// <summary>A sample picture, and what is really in it.</summary>
internal sealed class Scene(string name)
{
    private readonly JsonElement _truth = JsonDocument.Parse(File.ReadAllBytes(Sample(name + ".json"))).RootElement;

    public string Picture { get; } = Sample(name + ".png");

    public int Width => _truth.GetProperty("width").GetInt32();

    public int Height => _truth.GetProperty("height").GetInt32();

    /// <summary>The true box of a thing: x_min, y_min, x_max, y_max in pixels.</summary>
    public double[] Box(string thing)
    {
        double[] box = Doubles(Thing(thing).GetProperty("box_yxyx"));
        return [box[1] * Width, box[0] * Height, box[3] * Width, box[2] * Height];
    }

    /// <summary>The true shape of a thing, row by row.</summary>
    public bool[] Mask(string thing)
    {
        List<bool> pixels = [];
        bool inside = false;
        foreach (JsonElement run in Thing(thing).GetProperty("mask_rle").EnumerateArray())
        {
            pixels.AddRange(Enumerable.Repeat(inside, run.GetInt32()));
            inside = !inside;
        }

        return [.. pixels];
    }

    public static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];

    /// <summary>The intersection over the union of two boxes.</summary>
    public static double Overlap(double[] a, double[] b)
    {
        double width = Math.Min(a[2], b[2]) - Math.Max(a[0], b[0]), height = Math.Min(a[3], b[3]) - Math.Max(a[1], b[1]);
        double common = Math.Max(width, 0) * Math.Max(height, 0);
        return common / (Area(a) + Area(b) - common);
    }

    private static double Area(double[] box) => (box[2] - box[0]) * (box[3] - box[1]);

    private JsonElement Thing(string name) => _truth.GetProperty("objects").EnumerateArray().Single(thing => thing.GetProperty("name").GetString() == name);

    private static string Sample(string file) => Path.Combine(Repository.PaliNano, "samples", file);
}
