using PaliGguf.Imaging;
using PaliGguf.Language;
using PaliGguf.Memory;

namespace PaliGguf.Tests;

[Collection(Alone.Name)]
public sealed class PaliModelStagingTests
{
    private static readonly NanoAnswer[] Questions = [.. PaliNanoGoldens.Load().Where(golden => !golden.HasBoxes).DistinctBy(golden => golden.Image).Take(4)];
    private static readonly ModelOptions Staged = Models.OneThread with { Vision = VisionPlacement.Staged };

    [Fact]
    public async Task A_staged_tower_gives_the_same_answers()
    {
        RgbImage[] pictures = [.. Questions.Select(question => ImageFile.Load(question.Image))];
        await using PaliModel resident = await PaliModel.LoadAsync(Repository.PaliNano, Models.OneThread);
        await using PaliModel first = await PaliModel.LoadAsync(Repository.PaliNano, Staged with { Pictures = pictures, SoftTokenCacheBytes = 0 });
        await using PaliModel later = await PaliModel.LoadAsync(Repository.PaliNano, Staged);
        foreach ((NanoAnswer question, RgbImage picture) in Questions.Zip(pictures))
        {
            string expected = await AnswerAsync(resident, question, picture);
            Assert.Equal(expected, await AnswerAsync(first, question, picture));
            Assert.Equal(expected, await AnswerAsync(later, question, picture));
        }
    }

    [Fact]
    public async Task Copied_weights_and_every_cache_type_give_the_same_answer()
    {
        RgbImage picture = ImageFile.Load(Questions[0].Image);
        HashSet<string> answers = [];
        foreach (GgmlType type in new[] { GgmlType.F16, GgmlType.F32, GgmlType.Q8_0 })
        {
            await using PaliModel model = await PaliModel.LoadAsync(Repository.PaliNano, Models.OneThread with { CacheType = type, MemoryMap = false });
            answers.Add(await AnswerAsync(model, Questions[0], picture));
        }

        Assert.Single(answers);
    }

    [Fact]
    public async Task Loading_and_releasing_the_tower_50_times_leaves_memory_flat()
    {
        await using PaliModel model = await PaliModel.LoadAsync(Repository.PaliNano, Staged with { SoftTokenCacheBytes = 0 });
        RgbImage picture = ImageFile.Load(Questions[0].Image);
        long before = 0;
        for (int round = -20; round < 50; round++)
        {
            // Compiled code and the heaps' own habits settle first.
            if (round == 0) before = ResidentMemory.Bytes();
            await model.GenerateAsync(new GenerationRequest { Images = [picture], Prompt = "caption en", MaxTokens = 1 }).Result;
        }

        // Towers of 5.5 MB that were not released would be 275 MB; blocks as small as these stay with the C library's heaps for a while.
        Assert.InRange(ResidentMemory.Bytes() - before, long.MinValue, 64 << 20);
    }

    [Fact]
    public async Task Requests_at_once_share_a_staged_tower()
    {
        await using PaliModel model = await PaliModel.LoadAsync(Repository.PaliNano, Staged with { Sequences = 2 });
        await using PaliModel resident = await PaliModel.LoadAsync(Repository.PaliNano, Models.OneThread);
        RgbImage[] pictures = [.. Questions.Select(question => ImageFile.Load(question.Image))];

        string[] answers = await Task.WhenAll(Questions.Zip(pictures, (question, picture) => AnswerAsync(model, question, picture)));

        for (int index = 0; index < answers.Length; index++) Assert.Equal(await AnswerAsync(resident, Questions[index], pictures[index]), answers[index]);
    }

    [Fact]
    public async Task A_model_is_loaded_as_its_limits_ask()
    {
        MemoryPlan roomy = await PlanAsync(new MemoryLimits(Ram: 1L << 30), []);
        long enough = roomy.Ram.WorkingBytes;

        MemoryPlan tight = await PlanAsync(new MemoryLimits(Ram: enough - 1), [ImageFile.Load(Questions[0].Image)]);

        Assert.Equal(VisionPlacement.Cpu, roomy.Vision);
        Assert.Equal(VisionPlacement.Staged, tight.Vision);
    }

    [Fact]
    public async Task A_new_picture_does_not_exceed_the_limits_of_a_staged_model()
    {
        RgbImage known = ImageFile.Load(Questions[0].Image);
        long enough = (await PlanAsync(new MemoryLimits(Ram: 1L << 30), [])).Ram.Bytes;
        ModelOptions options = Models.OneThread with { Memory = new MemoryLimits(Ram: enough - 1), Pictures = [known], CacheType = GgmlType.F16, MemoryMap = false };
        await using PaliModel model = await PaliModel.LoadAsync(Repository.PaliNano, options with { Memory = new MemoryLimits(Ram: enough + 3_000_000) });
        Assert.Equal(VisionPlacement.Staged, model.Memory.Vision);

        Assert.NotEqual("", await model.CaptionAsync(known));
        MemoryPlanException failure =
            await Assert.ThrowsAsync<MemoryPlanException>(() => model.CaptionAsync(ImageFile.Load(Questions[1].Image)));

        Assert.Contains("Load the model anew with the picture", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_that_nothing_meets_fail_before_anything_is_loaded()
    {
        MemoryPlanException failure = await Assert.ThrowsAsync<MemoryPlanException>(() => PlanAsync(new MemoryLimits(Ram: 1 << 20), []));

        Assert.NotNull(failure.Plan);
        Assert.Contains("more than main memory's limit of 1 MiB", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prompt_beyond_what_the_model_was_loaded_for_is_an_error_that_says_so()
    {
        await using PaliModel model = await PaliModel.LoadAsync(Repository.PaliNano, Models.OneThread with { PromptTokens = 12 });
        RgbImage picture = ImageFile.Load(Questions[0].Image);

        Assert.NotEqual("", await model.CaptionAsync(picture));
        InferenceException failure = await Assert.ThrowsAsync<InferenceException>(() => model.AnswerAsync(picture, new string('x', 200)));

        Assert.Contains("more prompt tokens", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<MemoryPlan> PlanAsync(MemoryLimits limits, IReadOnlyList<RgbImage> pictures)
    {
        await using PaliModel model = await PaliModel.LoadAsync(Repository.PaliNano, Models.OneThread with { Memory = limits, Pictures = pictures });
        return model.Memory;
    }

    private static async Task<string> AnswerAsync(PaliModel model, NanoAnswer question, RgbImage picture) =>
        (await model.GenerateAsync(new GenerationRequest { Images = [picture], Prompt = question.Prompt, MaxTokens = 12 }).Result).Text;
}
