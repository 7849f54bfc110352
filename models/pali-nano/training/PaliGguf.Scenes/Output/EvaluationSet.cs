using System.Text.Json.Nodes;
using PaliGguf.Scenes.Assets;
using PaliGguf.Scenes.Drawing;
using PaliGguf.Scenes.Things;
using PaliGguf.Scenes.Wording;
using PaliGguf.Tasks;

namespace PaliGguf.Scenes.Output;

/// <summary>Held-back scenes to be measured on, a file for each of <c>eval</c>'s tasks: text.jsonl (captions, words, questions, absent
/// things; "type" says which), thai.jsonl, detect.jsonl, several.jsonl and segment.jsonl.</summary>
internal static class EvaluationSet
{
    private static readonly string[] Files = ["text", "thai", "detect", "several", "segment"];

    /// <summary>Draws.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="assets">What the scenes are made of.</param>
    /// <param name="settings">Which scenes.</param>
    /// <param name="drawn">Told of each scene.</param>
    public static void Write(string folder, SceneAssets assets, SceneSettings settings, Action drawn)
    {
        Directory.CreateDirectory(Path.Combine(folder, "pictures"));
        Dictionary<string, StreamWriter> files =
            Files.ToDictionary(file => file, file => Lines.Create(folder, file + ".jsonl"), StringComparer.Ordinal);
        try
        {
            SceneSource scenes = new(assets, settings);
            foreach ((string File, string Line)[] scene in scenes.Each(settings.HeldBack, (number, scene, random) =>
            {
                string picture = $"pictures/scene_{number:0000}.jpg";
                File.WriteAllBytes(Path.Combine(folder, picture), scene.Jpeg);
                return Items(scene, random).Select(item => (item.File, item.Line(number, picture, scene.Side))).ToArray();
            }))
            {
                foreach ((string file, string line) in scene) files[file].WriteLine(line);
                drawn();
            }
        }
        finally
        {
            foreach (StreamWriter file in files.Values) file.Dispose();
        }
    }

    private static IEnumerable<Item> Items(DrawnScene scene, SceneRandom random)
    {
        yield return Text("cap", "cap en", Captions.Short(scene));
        yield return Text("caption", "caption en", Captions.Whole(scene));
        yield return Text("thai", "caption th", Captions.Thai(scene));
        yield return Text("describe", "describe en", Captions.Description(scene));
        yield return new Item("thai", "thai", "caption th", Captions.Thai(scene));
        IReadOnlyList<ThingKind> kinds = Instances.KindsOf(scene, random);
        foreach (ThingKind kind in kinds)
            yield return Boxes("detect", Instances.DetectPrompt([kind]), Instances.DetectPrompt([kind]), [kind], masks: false);
        if (kinds.Count > 1) yield return Boxes("several", "several", Instances.DetectPrompt(kinds), kinds, masks: false);
        if (kinds.Count > 0)
        {
            ThingKind one = random.Pick(kinds);
            yield return Boxes("segment", Instances.SegmentPrompt(one), Instances.SegmentPrompt(one), [one], masks: true);
            yield return Text("absent", $"detect {Questions.AbsentFrom(scene, random).Name}", "");
        }

        if (scene.Plan.Word is { } word) yield return Text("ocr", "ocr", word.Text);
        List<Asked> questions = [.. Questions.Of(scene, random)];
        random.Shuffle(questions);
        foreach (Asked asked in questions.DistinctBy(asked => asked.Kind))
            yield return Text("question, " + asked.Kind, asked.Prefix, asked.Suffix);

        static Item Text(string type, string prefix, string suffix) => new("text", type, prefix, suffix, type);

        Item Boxes(string file, string id, string prefix, IReadOnlyList<ThingKind> asked, bool masks) =>
            new(file, id, prefix, Objects: [.. Instances.Of(scene, asked).Select(seen => Object(seen, masks))]);
    }

    /// <summary>An object as COCO has it.</summary>
    private static JsonObject Object(SeenThing seen, bool mask)
    {
        PixelBox box = seen.Pixels;
        JsonObject found = new()
        {
            ["label"] = seen.Thing.Kind.Name,
            ["bbox"] = new JsonArray(box.XMin, box.YMin, box.XMax - box.XMin, box.YMax - box.YMin),
        };
        if (mask)
        {
            found["segmentation"] = new JsonObject
            {
                ["size"] = new JsonArray(seen.Mask.Height, seen.Mask.Width),
                ["counts"] = seen.Mask.ToRunLengths().ToCounts(),
            };
        }

        return found;
    }

    private sealed record Item(
        string File, string Id, string Prefix, string? Suffix = null, string? Type = null, JsonArray? Objects = null)
    {
        public string Line(long number, string picture, int side)
        {
            JsonObject line = new()
            {
                ["id"] = $"{number}/{Id}",
                ["image"] = picture,
                ["width"] = side,
                ["height"] = side,
                ["prefix"] = Prefix,
            };
            if (Suffix is not null) line["suffix"] = Suffix;
            if (Type is not null) line["type"] = Type;
            if (Objects is not null) line["objects"] = Objects;
            return Lines.Of(line);
        }
    }
}
