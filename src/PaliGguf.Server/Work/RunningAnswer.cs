using PaliGguf.Language;

namespace PaliGguf.Server.Work;

/// <summary>An answer that has begun.</summary>
internal sealed class RunningAnswer(ModelTurn turn, Generation generation, IAsyncEnumerator<GeneratedToken> tokens, bool any, bool fits) : IAsyncDisposable
{
    /// <summary>The tokens as they come, once.</summary>
    public async IAsyncEnumerable<GeneratedToken> TokensAsync()
    {
        for (bool more = any; more; more = await NextAsync()) yield return tokens.Current;
    }

    /// <summary>The whole answer.</summary>
    public async Task<GenerationResult> ResultAsync()
    {
        try
        {
            GenerationResult result = await generation.Result;
            turn.Answered(result);
            return result.FinishReason != FinishReason.Cancelled ? result : throw new OperationCanceledException(turn.Token);
        }
        catch (Exception failure)
        {
            throw turn.Translate(failure, fits);
        }
    }

    public ValueTask DisposeAsync() => tokens.DisposeAsync();

    private async Task<bool> NextAsync()
    {
        try
        {
            return await tokens.MoveNextAsync();
        }
        catch (Exception failure)
        {
            // A cancelled answer is one too, as far as it came.
            if (failure is OperationCanceledException) turn.Answered(await generation.Result);
            throw turn.Translate(failure, fits);
        }
    }
}
