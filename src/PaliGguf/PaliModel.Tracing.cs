using PaliGguf.Language;

namespace PaliGguf;

public sealed partial class PaliModel
{
    /// <summary>Shows what the model says of the next token at every step of an answer.</summary>
    /// <param name="request">
    /// The pictures, the prompt, the adapters and the longest greedy answer, to which end-of-sequence is not counted. It is always greedy, in one beam, and ends where the model ends it.
    /// </param>
    /// <param name="answer">The tokens to lead the model along, whatever it would have chosen (those of an earlier trace, for example); null to follow the greedy answer.</param>
    /// <param name="observe">Is shown the distribution before each token of the answer, an end-of-sequence included, in order.</param>
    /// <param name="cancellationToken">Ends the request with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The answer that was followed.</returns>
    /// <exception cref="ArgumentException">The request asks for sampling, beams or stop texts, or the answer is empty or holds what is no token.</exception>
    /// <exception cref="InferenceException">The prefix, or the prefix and the answer, do not fit the context.</exception>
    public Task<AnswerTrace> TraceAsync(
        GenerationRequest request, IReadOnlyList<int>? answer, DistributionObserver observe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(observe);
        request.Validate();
        if (request is not { Sampling.Temperature: 0, Beams: 1, Stop.Count: 0, IgnoreEos: false, Constraint: null })
        {
            throw new ArgumentException("A trace follows the greedy answer: it has no sampling, beams, stop texts or constraints, and ends where the model ends it.", nameof(request));
        }

        int[]? own = answer is null ? null : [.. answer];
        if (own is { Length: 0 }) throw new ArgumentException("The answer to follow is empty.", nameof(answer));
        foreach (int token in own ?? [])
        {
            if ((uint)token >= Info.AnswerTokens) throw new ArgumentException($"The token {token} can not be in an answer: ids are 0 to {Info.AnswerTokens - 1}.", nameof(answer));
        }

        GenerationRequest ownRequest = request with { Images = [.. request.Images] };
        AdapterSet adapters = _adapters.Select(request.Adapters);
        CancellationTokenSource stop = Enter(cancellationToken);
        return Task.Run(() => FollowAsync(ownRequest, adapters, own, observe, stop, cancellationToken), CancellationToken.None);
    }

    private async Task<AnswerTrace> FollowAsync(
        GenerationRequest request, AdapterSet adapters, int[]? answer, DistributionObserver observe, CancellationTokenSource stop, CancellationToken cancellationToken)
    {
        try
        {
            int[] textTokens = PrefixTokens(request.Prompt);
            int rows = RowsWithRoom(request.Images.Count, textTokens.Length);
            if (answer is not null && rows + answer.Length > _context.Length)
            {
                throw new InferenceException(
                    $"The prefix has {rows} tokens and the answer {answer.Length}, and the context holds {_context.Length}: "
                    + $"load the model with a longer context (up to {_text.Layout.ContextLength}).");
            }

            PrefixContent prefix = await LookAsync(request.Images, textTokens, rows, stop.Token).ConfigureAwait(false);
            TraceJob job = new(answer, Math.Min(request.MaxTokens, _context.Length - rows), observe, prefix, _text.Vocabulary, stop.Token) { Adapters = adapters };
            _loop.Submit(job);
            return await job.Completion.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // With the caller's own token, which it may compare.
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            Leave(stop);
        }
    }
}
