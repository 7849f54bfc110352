using PaliGguf.Scenes.Assets;
using PaliGguf.Scenes.Drawing;
using PaliGguf.Scenes.Plans;

namespace PaliGguf.Scenes.Output;

/// <summary>Draws many scenes side by side; what comes of them is in their order.</summary>
/// <param name="assets">What they are made of.</param>
/// <param name="settings">Which.</param>
internal sealed class SceneSource(SceneAssets assets, SceneSettings settings)
{
    /// <summary>Draws each scene and makes something of it, both on one of several threads.</summary>
    /// <param name="seed">The seed of a scene by its number.</param>
    /// <param name="make">Gets its number, the scene, and random numbers of its own.</param>
    public IEnumerable<T> Each<T>(Func<long, ulong> seed, Func<long, DrawnScene, SceneRandom, T> make)
    {
        ScenePlanner planner = new(assets, SceneRules.Of(settings.Difficulty) with { Words = settings.Words });
        using ThreadLocal<ScenePainter> painters = new(() => new ScenePainter(assets, settings.Side), trackAllValues: true);
        ParallelQuery<T> made = settings.Numbers.AsParallel().AsOrdered().WithDegreeOfParallelism(settings.Threads)
            .WithMergeOptions(ParallelMergeOptions.AutoBuffered)
            .Select(number =>
            {
                ulong own = seed(number);
                return make(number, painters.Value!.Draw(planner.Plan(own)), new SceneRandom(SceneRandom.Mix(own, ulong.MaxValue)));
            });
        foreach (T each in made) yield return each;
        foreach (ScenePainter painter in painters.Values) painter.Dispose();
    }
}
