using PaliGguf.Language;

namespace PaliGguf.Server.Work;

/// <summary>An answer that has begun.</summary>
internal sealed class RunningAnswer(ModelTurn turn, Generation generation, IAsyncEnumerator<GeneratedToken> tokens, bool any, bool fits) : IAsyncDisposable
{
    private bool _counted;

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
            GenerationResult result = Count(await generation.Result);
            return result.FinishReason != FinishReason.Cancelled ? result : throw new OperationCanceledException(turn.Token);
        }
        catch (Exception failure)
        {
            throw turn.Translate(failure, fits);
        }
    }

    /// <summary>Ends the answer, if it has not ended: the sequence is free afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        await tokens.DisposeAsync();
        if (_counted) return;
        turn.Failed(new OperationCanceledException());
        try
        {
            Count(await generation.Result);
        }
        catch (Exception failure) when (failure is PaliException or ObjectDisposedException)
        {
            // Whoever asked has been told.
        }
    }

    // A cancelled answer is one too, as far as it came.
    private GenerationResult Count(GenerationResult result)
    {
        if (!_counted) turn.Answered(result);
        _counted = true;
        return result;
    }

    private async Task<bool> NextAsync()
    {
        try
        {
            return await tokens.MoveNextAsync();
        }
        catch (Exception failure)
        {
            throw turn.Translate(failure, fits);
        }
    }
}
