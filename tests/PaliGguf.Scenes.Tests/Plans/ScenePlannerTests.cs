using PaliGguf.Scenes.Plans;

namespace PaliGguf.Scenes.Tests.Plans;

/// <summary>Scenes of which each prompt has one right answer, and that can be told.</summary>
public sealed class ScenePlannerTests
{
    [Theory]
    [InlineData(Difficulty.Easy)]
    [InlineData(Difficulty.Middle)]
    [InlineData(Difficulty.Hard)]
    internal void Enough_of_every_thing_is_seen(Difficulty difficulty)
    {
        SceneRules rules = SceneRules.Of(difficulty);
        Assert.All(Plans(difficulty, 60), plan => Assert.All(Look(plan), sight =>
        {
            Assert.InRange(sight.Part, rules.Visible, 1.2);
            Assert.True(sight.ShorterSide >= 0.12);
        }));
    }

    [Fact]
    public void Things_are_clearly_left_of_each_other_and_in_a_third() => Assert.All(Plans(Difficulty.Hard, 60), plan =>
    {
        Sight[] sights = [.. Look(plan).OrderBy(sight => sight.X)];
        Assert.All(sights.Zip(sights.Skip(1)), pair => Assert.True(pair.Second.X - pair.First.X >= 0.045));
        Assert.All(sights, sight => Assert.True(Math.Abs(sight.X - (1.0 / 3)) >= 0.02 && Math.Abs(sight.Y - (2.0 / 3)) >= 0.02));
    });

    [Fact]
    public void Nothing_covers_a_word() => Assert.All(Plans(Difficulty.Hard, 60).Where(plan => plan.Word is not null), plan =>
    {
        Sight area = WordPlanner.Area(plan.Word!, PlainAssets.All);
        Assert.All(Look(plan), sight => Assert.False(sight.Meets(area)));
        Assert.InRange(plan.Word!.Text.Length, 1, 8);
    });

    [Fact]
    public void Hard_scenes_have_up_to_four_things_and_some_are_covered()
    {
        ScenePlan[] plans = [.. Plans(Difficulty.Hard, 100)];
        Assert.Equal(4, plans.Max(plan => plan.Things.Count));
        Assert.Contains(plans.SelectMany(Look), sight => sight.Part < 0.85);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.5, 30, 70)]
    [InlineData(1, 100, 100)]
    public void As_many_scenes_have_a_word_as_are_asked_for(double part, int least, int most)
    {
        ScenePlanner planner = new(PlainAssets.All, SceneRules.Of(Difficulty.Hard) with { Words = part });
        Assert.InRange(Enumerable.Range(0, 100).Count(seed => planner.Plan((ulong)seed).Word is not null), least, most);
    }

    [Fact]
    public void What_is_asked_for_by_its_colour_keeps_it() => Assert.All(
        Plans(Difficulty.Hard, 100).SelectMany(plan => plan.Things).Where(thing => thing.Look.Colour is not null),
        thing => Assert.InRange(thing.Saturation, 0.9, 1.2));

    [Fact]
    public void A_seed_is_always_the_same_scene()
    {
        Assert.Equal($"{Plan(7)}", $"{Plan(7)}");
        Assert.NotEqual($"{Plan(7).Backdrop}", $"{Plan(8).Backdrop}");
    }

    [Fact]
    public void A_seed_is_the_same_scene_on_every_machine()
    {
        ScenePlan plan = Plan(3);
        Assert.Equal("yellow Checks", $"{plan.Backdrop.Colour.Name} {plan.Backdrop.Texture}");
        Assert.Equal(
            ["dog 0.7861 0.1731 0.4299", "pineapple 0.7150 0.4542 0.2338", "pineapple 0.2419 0.3124 0.3762"],
            plan.Things.Select(thing => $"{thing.Kind.Name} {thing.X:F4} {thing.Y:F4} {thing.Side:F4}"));
    }

    private static ScenePlan Plan(ulong seed) => new ScenePlanner(PlainAssets.All, SceneRules.Of(Difficulty.Hard)).Plan(seed);

    private static IEnumerable<ScenePlan> Plans(Difficulty difficulty, int count)
    {
        ScenePlanner planner = new(PlainAssets.All, SceneRules.Of(difficulty));
        return Enumerable.Range(0, count).Select(seed => planner.Plan((ulong)seed));
    }

    private static IReadOnlyList<Sight> Look(ScenePlan plan)
    {
        PlanningGrid grid = new();
        foreach (ThingPlan thing in plan.Things) grid.Add(thing);
        return grid.Look();
    }
}
