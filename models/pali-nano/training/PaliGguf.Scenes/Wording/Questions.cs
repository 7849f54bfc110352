using PaliGguf.Scenes.Drawing;
using PaliGguf.Scenes.Things;

namespace PaliGguf.Scenes.Wording;

/// <summary>Questions about a scene that have one right answer.</summary>
internal static class Questions
{
    // Things that are nearer to each other's height are not clearly above and below.
    private const float Apart = 0.05f;

    /// <summary>Some of all that can be asked, each kind at least once where it can be.</summary>
    public static IReadOnlyList<Asked> Of(DrawnScene scene, SceneRandom random)
    {
        List<Asked> asked = [new("bgcolor", "answer en what color is the background?", scene.Plan.Backdrop.Colour.Name)];
        IReadOnlyList<SeenThing> things = scene.Things;
        if (things.Count == 0) return asked;

        ThingKind present = random.Pick(things).Thing.Kind, absent = AbsentFrom(scene, random);
        asked.Add(HowMany(present, things.Count(seen => seen.Thing.Kind == present)));
        asked.Add(new Asked("count_all", "answer en how many objects are there?", $"{things.Count}"));
        asked.Add(new Asked("exist", $"answer en is there {present.WithArticle}?", "yes"));
        asked.Add(new Asked("exist", $"answer en is there {absent.WithArticle}?", "no"));
        if (random.Chance(0.3)) asked.Add(HowMany(absent, 0));

        SeenThing[] single = [.. things.Where(seen => things.Count(other => other.Thing.Kind == seen.Thing.Kind) == 1)];
        if (single.Length > 0)
        {
            SeenThing one = random.Pick(single);
            asked.Add(new Asked("where", $"answer en where is the {one.Thing.Kind.Name}?", Captions.PlaceOf(one)));
        }

        SeenThing[] coloured = [.. single.Where(seen => seen.Thing.Look.Colour is not null)];
        if (coloured.Length > 0)
        {
            SeenThing one = random.Pick(coloured);
            asked.Add(new Asked("objcolor", $"answer en what color is the {one.Thing.Kind.Name}?", one.Thing.Look.Colour!));
        }

        if (things.Count > 1)
        {
            AddSide("on the left", seen => seen.Box.XMin + seen.Box.XMax);
            AddSide("on the right", seen => -seen.Box.XMin - seen.Box.XMax);
            AddSide("at the top", seen => seen.Box.YMin + seen.Box.YMax);
            AddSide("at the bottom", seen => -seen.Box.YMin - seen.Box.YMax);
        }

        return asked;

        void AddSide(string side, Func<SeenThing, float> twiceTheMiddle)
        {
            SeenThing[] inOrder = [.. things.OrderBy(twiceTheMiddle)];
            if (twiceTheMiddle(inOrder[1]) - twiceTheMiddle(inOrder[0]) > 2 * Apart)
                asked.Add(new Asked("side", $"answer en what is {side}?", inOrder[0].Thing.Kind.Name));
        }
    }

    /// <summary>A kind of which the scene has none.</summary>
    public static ThingKind AbsentFrom(DrawnScene scene, SceneRandom random)
    {
        ThingKind[] absent = [.. ThingKinds.All.Where(kind => scene.Things.All(seen => seen.Thing.Kind != kind))];
        return random.Pick(absent);
    }

    private static Asked HowMany(ThingKind kind, int count) => new("count", $"answer en how many {kind.Plural} are there?", $"{count}");
}
