using PaliGguf.Scenes.Assets;
using PaliGguf.Scenes.Things;

namespace PaliGguf.Scenes.Plans;

/// <summary>Thinks scenes up: all of one seed alone.</summary>
/// <param name="assets">What they are made of.</param>
/// <param name="rules">Their bounds.</param>
internal sealed class ScenePlanner(SceneAssets assets, SceneRules rules)
{
    private const int Tries = 60;

    // Things whose middles are nearer are not clearly left and right of each other, and places end at thirds of the picture.
    private const double Apart = 0.045, AwayFromThirds = 0.02;

    // Of the picture's side: 13 pixels of 112.
    private const double ShortestSide = 0.12;
    // Two of a kind on each other can not be counted.
    private const double AlikeShare = 0.15;
    // A paler red is called pink.
    private const double NamedSaturation = 0.9;
    private const double AgainShare = 0.38;
    private static readonly double[] LongestSides = [0.6, 0.52, 0.46, 0.42];

    /// <summary>The scene of a seed.</summary>
    public ScenePlan Plan(ulong seed)
    {
        for (ulong attempt = 0; ; attempt++)
        {
            SceneRandom random = new(SceneRandom.Mix(seed, attempt));
            BackdropPlan backdrop = BackdropPlanner.Plan(random, rules);
            int count = 1 + random.Weighted(rules.Counts);
            WordPlan? word = null;
            if (random.Chance(rules.Words))
            {
                word = WordPlanner.Plan(random, assets, rules, backdrop);
                count = Math.Min(count, random.Weighted([0.15, 0.5, 0.35]));
            }

            List<ThingPlan> things = Place(random, count, word);
            if (things.Count == 0 && word is null) continue;
            return new ScenePlan(backdrop, word, things, new FinishPlan(
                random.Chance(rules.Shadow) ? random.Between(0.15, 0.5) : 0,
                random.Chance(rules.Blur.Chance) ? random.Between(0, rules.Blur.Most) : 0,
                random.Chance(rules.Noise.Chance) ? random.Between(0, rules.Noise.Most) : 0,
                rules.Quality + random.Below(96 - rules.Quality)));
        }
    }

    private List<ThingPlan> Place(SceneRandom random, int count, WordPlan? word)
    {
        List<ThingPlan> things = [];
        PlanningGrid grid = new();
        Sight? kept = word is null ? null : WordPlanner.Area(word, assets);
        for (int index = 0; index < count; index++)
        {
            ThingKind kind = index > 0 && things.Count > 0 && random.Chance(AgainShare)
                ? random.Pick(things).Kind : random.Pick(ThingKinds.All);
            ThingLook[] looks = [.. kind.Looks.Where(look => assets.SpritesOf(look).Count > 0)];
            if (looks.Length == 0) continue;
            ThingLook look = random.Pick(looks);
            Sprite sprite = random.Pick(assets.SpritesOf(look));
            for (int attempt = 0; attempt < Tries; attempt++)
            {
                double longest = attempt < Tries / 2 ? LongestSides[count - 1] : rules.SmallestSide + 0.08;
                ThingPlan thing = Somewhere(random, kind, look, sprite, longest);
                things.Add(thing);
                grid.Add(thing);
                if (Fits(things, grid.Look(), kept)) break;
                things.RemoveAt(things.Count - 1);
                grid.RemoveLast();
            }
        }

        return things;
    }

    private ThingPlan Somewhere(SceneRandom random, ThingKind kind, ThingLook look, Sprite sprite, double longest)
    {
        double side = random.Between(rules.SmallestSide, longest);

        // Things that may be covered may be cut by the picture's sides too.
        double inset = side / 2 * (rules.Visible < 0.95 ? 0.8 : 1);
        return new ThingPlan(
            kind, look, sprite, random.Between(inset, 1 - inset), random.Between(inset, 1 - inset), side,
            random.Between(-rules.Turn, rules.Turn), random.Chance(0.5), random.Between(0.8, 1.12),
            random.Between(look.Colour is null ? rules.Saturation : Math.Max(rules.Saturation, NamedSaturation), 1.2));
    }

    private bool Fits(List<ThingPlan> things, IReadOnlyList<Sight> sights, Sight? word)
    {
        for (int index = 0; index < sights.Count; index++)
        {
            Sight sight = sights[index];
            if (sight.Part < rules.Visible || sight.ShorterSide < ShortestSide) return false;
            if (word is { } kept && sight.Meets(kept)) return false;
            if (NearThird(sight.X) || NearThird(sight.Y)) return false;
            for (int other = 0; other < index; other++)
            {
                if (Math.Abs(sights[other].X - sight.X) < Apart) return false;
                if (things[index].Kind == things[other].Kind && sight.Share(sights[other]) > AlikeShare) return false;
            }
        }

        return true;
    }

    private static bool NearThird(double place) =>
        Math.Abs(place - (1.0 / 3)) < AwayFromThirds || Math.Abs(place - (2.0 / 3)) < AwayFromThirds;
}
