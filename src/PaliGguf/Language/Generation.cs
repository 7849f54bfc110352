using System.Threading.Channels;

namespace PaliGguf.Language;

/// <summary>
/// A running answer. Enumerate it, once, for the tokens as they are decoded, or await <see cref="Result"/> for the whole; or both.
/// Enumerating stops with <see cref="OperationCanceledException"/> when the request is cancelled; leaving the enumeration
/// early cancels the request.
/// </summary>
public sealed class Generation : IAsyncEnumerable<GeneratedToken>
{
    private readonly ChannelReader<GeneratedToken> _tokens;
    private readonly CancellationTokenSource _stop;

    internal Generation(ChannelReader<GeneratedToken> tokens, Task<GenerationResult> result, CancellationTokenSource stop)
    {
        _tokens = tokens;
        _stop = stop;
        Result = result;
    }

    /// <summary>
    /// Completes when the answer ended, whether or not the tokens are enumerated. A cancelled request completes too, with
    /// <see cref="FinishReason.Cancelled"/> and the text there was; a failed one throws.
    /// </summary>
    public Task<GenerationResult> Result { get; }

    /// <inheritdoc/>
    public async IAsyncEnumerator<GeneratedToken> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        bool whole = false;
        try
        {
            await foreach (GeneratedToken token in _tokens.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return token;

            whole = true;
            GenerationResult result = await Result.ConfigureAwait(false);
            if (result.FinishReason == FinishReason.Cancelled) throw new OperationCanceledException();
        }
        finally
        {
            if (!whole) Stop();
        }
    }

    private void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The answer has ended meanwhile.
        }
    }
}
