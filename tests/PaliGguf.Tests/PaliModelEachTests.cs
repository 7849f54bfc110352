using PaliGguf.Language;

namespace PaliGguf.Tests;

public sealed class PaliModelEachTests
{
    private static readonly GenerationRequest Caption = new() { Prompt = "caption en", MaxTokens = 4, IgnoreEos = true };

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Outcomes_come_in_order_and_are_what_each_request_gives_alone(int sequences)
    {
        await using PaliModel model = await LoadAsync(sequences);
        List<string> alone = [];
        for (int item = 0; item < 12; item++) alone.Add((await model.GenerateAsync(Request(item)).Result).Text);

        List<EachOutcome<int>> outcomes = await model.GenerateEachAsync(Enumerable.Range(0, 12), (item, _) => ValueTask.FromResult(Request(item))).ToListAsync();
        Assert.Equal(Enumerable.Range(0, 12), outcomes.Select(outcome => outcome.Item));
        Assert.Equal(alone, outcomes.Select(outcome => outcome.Result!.Text));
    }

    [Fact]
    public async Task One_that_fails_does_not_end_the_others()
    {
        await using PaliModel model = await LoadAsync(2);
        List<EachOutcome<int>> outcomes = await model
            .GenerateEachAsync(Enumerable.Range(0, 6), (item, _) => item % 2 == 0 ? throw new InvalidDataException($"no {item}") : ValueTask.FromResult(Request(item)))
            .ToListAsync();
        Assert.Equal(["no 0", null, "no 2", null, "no 4", null], outcomes.Select(outcome => outcome.Failure?.Message));
        Assert.All(outcomes, outcome => Assert.Equal(outcome.Failure is null, outcome.Result is not null));
    }

    [Fact]
    public async Task No_more_than_two_are_opened_ahead_and_one_at_a_time()
    {
        await using PaliModel model = await LoadAsync(1);
        int opened = 0, opening = 0, received = 0;
        await foreach (EachOutcome<int> outcome in model.GenerateEachAsync(Enumerable.Range(0, 10_000), OpenAsync))
        {
            Assert.Null(outcome.Failure);
            Assert.InRange(Volatile.Read(ref opened), received + 1, received + 3);
            if (++received == 20) break;
        }

        async ValueTask<GenerationRequest> OpenAsync(int item, CancellationToken cancellationToken)
        {
            Assert.Equal(1, Interlocked.Increment(ref opening));
            Interlocked.Increment(ref opened);
            await Task.Yield();
            Interlocked.Decrement(ref opening);
            return Request(item);
        }
    }

    [Fact]
    public async Task Cancelling_ends_it_and_leaves_the_model_in_order()
    {
        await using PaliModel model = await LoadAsync(2);
        using CancellationTokenSource stop = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (EachOutcome<int> outcome in model.GenerateEachAsync(Enumerable.Range(0, 10_000), (item, _) => ValueTask.FromResult(Request(item)), stop.Token))
            {
                if (outcome.Item == 3) await stop.CancelAsync();
            }
        });
        Assert.NotEmpty((await model.GenerateAsync(Request(0)).Result).Text);
    }

    private static Task<PaliModel> LoadAsync(int sequences) =>
        PaliModel.LoadAsync(Repository.PaliNano, Models.OneThread with { Sequences = sequences, ContextLength = 128 });

    private static GenerationRequest Request(int item)
    {
        byte[] pixels = new byte[3 * 16 * 16];
        new Random(item).NextBytes(pixels);
        return Caption with { Images = [RgbImage.FromRgb(pixels, 16, 16)] };
    }
}
