using LLama;
using LLama.Common;
using LLama.Native;
using LLama.Sampling;
using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Conversion;
using PaliGguf.Language;
using PaliGguf.LLamaSharp.Binding;
using PaliGguf.Memory;
using PaliGguf.Tests;

namespace PaliGguf.LLamaSharp.Tests;

/// <summary>Weights that a program has loaded for a chat, and a model over them.</summary>
public sealed class SharedWeightsTests
{
    [Fact]
    public async Task A_chat_and_a_model_take_turns_over_the_same_weights()
    {
        using LLamaWeights weights = Nano.LoadWeights();
        string before = await ChatAsync(weights);
        using (PaliModel model = await LLamaSharpModel.LoadAsync(weights, Nano.TextPath, Models.OneThread))
        {
            Assert.Equal((long)weights.SizeInBytes, model.Info.TextBytes);
            Task<string> chat = Task.Run(() => ChatAsync(weights));
            for (int round = 0; round < 4; round++) Assert.Equal(Nano.TurtleCaption, await Nano.CaptionAsync(model));
            Assert.Equal(before, await chat);
        }

        // What was loaded for the chat is the chat's still.
        Assert.Equal(before, await ChatAsync(weights));
    }

    [Fact]
    public async Task They_are_no_part_of_what_the_model_takes()
    {
        using LLamaWeights weights = Nano.LoadWeights();
        using PaliModel shared = await LLamaSharpModel.LoadAsync(weights, Nano.TextPath, Models.OneThread);
        using PaliModel own = await LLamaSharpModel.LoadAsync(Nano.TextPath, Models.OneThread);
        Assert.Equal(0, shared.Memory.Ram.Of(MemoryPart.DecoderWeights));
        Assert.InRange(own.Memory.Ram.Of(MemoryPart.DecoderWeights), (long)(0.9 * weights.SizeInBytes), long.MaxValue);
        Assert.Equal(shared.Memory.Ram.Of(MemoryPart.KeyValueCache), own.Memory.Ram.Of(MemoryPart.KeyValueCache));
    }

    [Fact]
    public async Task Weights_that_are_disposed_first_stay_until_the_model_is_released()
    {
        LLamaWeights weights = Nano.LoadWeights();
        PaliModel model = await LLamaSharpModel.LoadAsync(weights.NativeHandle, Nano.TextPath, Models.OneThread);
        weights.Dispose();
        Assert.Equal(Nano.TurtleCaption, await Nano.CaptionAsync(model));
        Assert.False(weights.NativeHandle.IsClosed);
        model.Dispose();
        Assert.True(weights.NativeHandle.IsClosed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => LLamaSharpModel.LoadAsync(weights, Nano.TextPath));
    }

    [Fact]
    public async Task Weights_of_another_file_are_refused_in_words()
    {
        ConversionResult tiny = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        using LLamaWeights weights = Nano.LoadWeights(tiny.TextPath);
        ModelFormatException refusal =
            await Assert.ThrowsAsync<ModelFormatException>(() => LLamaSharpModel.LoadAsync(weights, Nano.TextPath));
        Assert.Contains("the weights that LLamaSharp has loaded are of another file", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("layers", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.False(weights.NativeHandle.IsClosed);
    }

    [Fact]
    public void A_context_that_can_not_be_made_keeps_no_hold_of_the_weights()
    {
        SafeLlamaModelHandle handle = Nano.LoadWeights().NativeHandle;
        using (LLamaSharpWeights weights = new(handle, owned: true, ownProducts: false))
        {
            // A cache of quantized values needs flash attention, and blocks that divide a head.
            Assert.Null(weights.CreateContext(new ContextParameters(256, 256, 1, 1, GgmlType.IQ1_S, Offload: false)));
        }

        Assert.True(handle.IsClosed);
    }

    [Fact]
    public async Task Loading_can_be_cancelled()
    {
        using CancellationTokenSource cancellation = new();
        Progress progress = new(report =>
        {
            if (report.Stage == "loading the decoder") cancellation.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => LLamaSharpModel.LoadAsync(Nano.TextPath, Models.OneThread, progress, cancellation.Token));
    }

    [Fact]
    public async Task What_the_callers_progress_throws_reaches_the_caller()
    {
        Progress progress = new(report =>
        {
            if (report.Stage == "loading the decoder") throw new InvalidOperationException("no more");
        });
        InvalidOperationException thrown = await Assert.ThrowsAsync<InvalidOperationException>(
            () => LLamaSharpModel.LoadAsync(Nano.TextPath, Models.OneThread, progress));
        Assert.Equal("no more", thrown.Message);
    }

    private static async Task<string> ChatAsync(LLamaWeights weights)
    {
        ModelParams parameters = new(Nano.TextPath) { ContextSize = 256, Threads = 1, BatchThreads = 1 };
        StatelessExecutor executor = new(weights, parameters, NullLogger.Instance);
        InferenceParams greedy = new() { MaxTokens = 12, SamplingPipeline = new GreedySamplingPipeline() };
        return string.Concat(await executor.InferAsync("caption en\n", greedy).ToListAsync());
    }

    private sealed class Progress(Action<LoadProgress> report) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => report(value);
    }
}
