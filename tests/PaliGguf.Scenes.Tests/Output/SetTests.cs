using System.Security.Cryptography;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Scenes.Drawing;
using PaliGguf.Scenes.Output;
using PaliGguf.Scenes.Wording;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;
using PaliGguf.Tests;

namespace PaliGguf.Scenes.Tests.Output;

/// <summary>Folders that <c>train</c> and <c>eval</c> read.</summary>
public sealed class SetTests
{
    private static readonly string PaliNanoVision = Path.Combine(Repository.PaliNano, "mmproj-pali-nano-Q8_0.gguf");
    private static readonly SceneSettings Settings = new() { Count = 24, Side = 96 };

    [Fact]
    public void What_is_learned_from_is_a_data_set()
    {
        using TemporaryFolder folder = new();
        Train(folder.Path, Settings);
        IReadOnlyList<EvaluationItem> items = Dataset.Read(folder.File("train.jsonl"), new DatasetOptions { Repeats = true });
        Assert.InRange(items.Count, 24, 96);
        Assert.All(items, item => Assert.NotNull(item.Prompt));
        Assert.All(items, item => Assert.True(File.Exists(Assert.IsType<PictureFile>(item.Picture).Name)));
        Assert.Contains(items, item => item.Prompt!.StartsWith("segment ", StringComparison.Ordinal)
            && Assert.Single(item.Expected.References).Contains("<seg", StringComparison.Ordinal));
    }

    [Fact]
    public void Many_prompts_ask_for_every_kind_of_thing_and_none_twice()
    {
        DrawnScene scene = MadeScenes.Draw(
            "white", null, MadeScenes.Thing("key", 0.2, 0.3, 0.25), MadeScenes.Thing("dog", 0.5, 0.5, 0.25),
            MadeScenes.Thing("key", 0.8, 0.7, 0.25));
        IReadOnlyList<Asked> asked = new TrainingSet(100, new Mixture(), Encoder()).Choose(scene, new SceneRandom(1));
        string[] prompts = [.. asked.Select(each => each.Prefix)];
        Assert.Equal(prompts.Distinct(StringComparer.Ordinal), prompts);
        Assert.Superset(
            new HashSet<string>(["detect key", "detect dog", "segment key", "segment dog", "answer en how many objects are there?"]),
            prompts.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_on_any_number_of_threads()
    {
        using TemporaryFolder one = new(), other = new(), third = new();
        Train(one.Path, Settings with { Threads = 1 });
        Train(other.Path, Settings with { Threads = 3 });
        Train(third.Path, Settings with { Seed = 2 });
        Assert.Equal(Content(one.Path), Content(other.Path));
        Assert.NotEqual(Content(one.Path), Content(third.Path));
    }

    [Fact]
    public void A_later_leg_goes_on_where_the_first_ended()
    {
        using TemporaryFolder whole = new(), part = new();
        Train(whole.Path, Settings);
        Train(part.Path, Settings with { First = 20, Count = 4 });
        string[] lines = File.ReadAllLines(part.File("train.jsonl"));
        Assert.Equal(lines, File.ReadAllLines(whole.File("train.jsonl"))[^lines.Length..]);
    }

    [Fact]
    public void What_is_measured_on_are_other_scenes_and_their_objects()
    {
        using TemporaryFolder folder = new(), learned = new();
        EvaluationSet.Write(folder.Path, PlainAssets.All, Settings, () => { });
        Train(learned.Path, Settings);
        IReadOnlyList<EvaluationItem> masks = Dataset.Read(folder.File("segment.jsonl"), new DatasetOptions { Masks = true });
        Assert.All(masks.SelectMany(item => item.Expected.Objects!), found => Assert.NotNull(found.Mask));
        Assert.All(
            new[] { "text", "thai", "detect", "several" },
            name => Assert.NotEmpty(Dataset.Read(folder.File(name + ".jsonl"), new DatasetOptions())));
        Assert.Empty(Pictures(folder.Path).Intersect(Pictures(learned.Path)));
    }

    [Fact]
    public void Masks_are_the_tokens_of_the_library()
    {
        MaskEncoder encoder = Encoder();
        SeenThing disc = MadeScenes.Draw("white", null, MadeScenes.Thing("key", 0.5, 0.5, 0.6)).Things[0];
        string answer = Instances.Answer([disc], encoder);
        Assert.Equal(InstanceSuffix.Of(disc.Box, encoder.Encode(disc.Mask, disc.Box), "key"), answer);
    }

    [Fact]
    public void A_mask_comes_back_from_its_tokens()
    {
        SeenThing disc = MadeScenes.Draw("white", null, MadeScenes.Thing("key", 0.5, 0.5, 0.6)).Things[0];
        MaskBound bound = MaskBound.Read(PaliNanoVision);
        Assert.InRange(bound.Of([disc]), 0.9, 1);
        Assert.Equal((0, 0), bound.Difference([disc], MaskBound.Read(PaliNanoVision)));
    }

    [Fact]
    public void Nothing_is_trained_on_the_set_that_is_held_out()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(1, ScenesProgram.Run(["train", folder.File("new"), "--sets", "noto,emojione"]));
        Assert.False(Directory.Exists(folder.File("new")));
    }

    private static MaskEncoder Encoder() => MaskEncoder.Read(PaliNanoVision)!;

    private static void Train(string folder, SceneSettings settings) =>
        new TrainingSet(4, new Mixture(), Encoder()).Write(folder, PlainAssets.All, settings, () => { });

    private static string[] Content(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetRelativePath(folder, path)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}"),
    ];

    private static IEnumerable<string> Pictures(string folder) => Directory.EnumerateFiles(folder, "*.jpg", SearchOption.AllDirectories)
        .Select(path => Convert.ToHexString(File.ReadAllBytes(path)));
}
