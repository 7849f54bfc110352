using System.Text.Json.Nodes;
using PaliGguf.Scenes.Assets;
using PaliGguf.Scenes.Drawing;
using PaliGguf.Scenes.Things;
using PaliGguf.Scenes.Wording;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Scenes.Output;

/// <summary>Scenes to learn from: pictures, and train.jsonl with some prompts for each.</summary>
/// <param name="prompts">How many prompts a scene has at most.</param>
/// <param name="mixture">Which.</param>
/// <param name="masks">Makes the tokens of masks; null for no prompts with masks.</param>
internal sealed class TrainingSet(int prompts, Mixture mixture, MaskEncoder? masks)
{
    private const int PicturesInFolder = 1000;

    /// <summary>Draws.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="assets">What the scenes are made of.</param>
    /// <param name="settings">Which scenes.</param>
    /// <param name="drawn">Told of each scene.</param>
    public void Write(string folder, SceneAssets assets, SceneSettings settings, Action drawn)
    {
        foreach (long number in settings.Numbers.Where(number => number == settings.First || number % PicturesInFolder == 0))
            Directory.CreateDirectory(Path.Combine(folder, Path.GetDirectoryName(Picture(number))!));
        using StreamWriter lines = Lines.Create(folder, "train.jsonl");
        foreach (string[] each in new SceneSource(assets, settings).Each(settings.Learned, (number, scene, random) =>
        {
            File.WriteAllBytes(Path.Combine(folder, Picture(number)), scene.Jpeg);
            return Choose(scene, random).Select(asked => Lines.Of(new JsonObject
            {
                ["image"] = Picture(number),
                ["prefix"] = asked.Prefix,
                ["suffix"] = asked.Suffix,
                ["type"] = asked.Kind,
            })).ToArray();
        }))
        {
            foreach (string line in each) lines.WriteLine(line);
            drawn();
        }
    }

    /// <summary>Different prompts, by the weights of their tasks; those of a task share its weight.</summary>
    public IReadOnlyList<Asked> Choose(DrawnScene scene, SceneRandom random)
    {
        List<(string Task, Func<Asked> Ask)> possible = [.. Possible(scene, random)];
        Dictionary<string, int> ofTask = possible.CountBy(each => each.Task, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        List<Asked> chosen = [];
        while (chosen.Count < prompts && possible.Count > 0)
        {
            double[] weights = [.. possible.Select(each => mixture[each.Task] / ofTask[each.Task])];
            if (weights.Sum() <= 0) break;
            int one = random.Weighted(weights);
            chosen.Add(possible[one].Ask());
            possible.RemoveAt(one);
        }

        return chosen;
    }

    private IEnumerable<(string Task, Func<Asked> Ask)> Possible(DrawnScene scene, SceneRandom random)
    {
        yield return ("cap", () => new Asked("cap", "cap en", Captions.Short(scene)));
        yield return ("caption", () => new Asked("caption", "caption en", Captions.Whole(scene)));
        yield return ("thai", () => new Asked("thai", "caption th", Captions.Thai(scene)));
        yield return ("describe", () => new Asked("describe", "describe en", Captions.Description(scene)));
        yield return ("absent", () => new Asked("absent", $"detect {Questions.AbsentFrom(scene, random).Name}", ""));
        foreach (IGrouping<string, Asked> questions in Questions.Of(scene, random).GroupBy(asked => asked.Kind, StringComparer.Ordinal))
            yield return (questions.Key == "count" ? "count" : "question", () => Question(random.Pick([.. questions])));
        if (scene.Plan.Word is { } word) yield return ("ocr", () => new Asked("ocr", "ocr", word.Text));
        IReadOnlyList<ThingKind> kinds = Instances.KindsOf(scene, random);
        foreach (ThingKind kind in kinds)
        {
            yield return ("detect", () => Detect(scene, [kind], "detect"));
            if (masks is not null) yield return ("segment", () => Segment(scene, kind, masks));
        }

        if (kinds.Count > 0) yield return ("several", () => Detect(scene, SeveralOf(scene, kinds, random), "several"));
    }

    // Sometimes of something that is not there: an answer leaves it out.
    private static List<ThingKind> SeveralOf(DrawnScene scene, IReadOnlyList<ThingKind> kinds, SceneRandom random)
    {
        List<ThingKind> asked = [.. kinds.Take(random.Chance(0.7) ? kinds.Count : 1 + random.Below(kinds.Count))];
        if (asked.Count == 1 || random.Chance(0.15)) asked.Insert(random.Below(asked.Count + 1), Questions.AbsentFrom(scene, random));
        return asked;
    }

    private static Asked Detect(DrawnScene scene, IReadOnlyList<ThingKind> kinds, string kind) =>
        new(kind, Instances.DetectPrompt(kinds), Instances.Answer(Instances.Of(scene, kinds)));

    private static Asked Segment(DrawnScene scene, ThingKind kind, MaskEncoder masks) =>
        new("segment", Instances.SegmentPrompt(kind), Instances.Answer(Instances.Of(scene, [kind]), masks));

    private static Asked Question(Asked asked) => asked with { Kind = "question, " + asked.Kind };

    private static string Picture(long number) => $"pictures/{number / PicturesInFolder:00000}/{number:000000000}.jpg";
}
