using PaliGguf.Interop;
using PaliGguf.Language;

namespace PaliGguf;

public sealed partial class PaliModel
{
    /// <summary>How probable each of some answers to a prompt about a picture is.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="prompt">The prompt as the checkpoint was trained with it (see <see cref="Tasks.Prompts"/>), without the line feed that ends the prefix.</param>
    /// <param name="candidates">The answers, at least one, all different and none empty.</param>
    /// <param name="adapters">The adapters to use, as in <see cref="GenerationRequest.Adapters"/>; null for those that the model was loaded with.</param>
    /// <param name="cancellationToken">Ends the request with <see cref="OperationCanceledException"/>.</param>
    /// <returns>One choice per candidate, in their order.</returns>
    /// <remarks>
    /// The prefix is decoded once, and the candidates side by side in the branches that the model was loaded with (<see cref="ModelOptions.Branches"/>); more of
    /// them take turns.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no candidate, or one is empty or repeats another.</exception>
    /// <exception cref="InferenceException">The prefix, or the prefix and a candidate, do not fit the context, or there is no such adapter.</exception>
    public Task<IReadOnlyList<Choice>> ChooseAsync(
        RgbImage image, string prompt, IReadOnlyList<string> candidates, IReadOnlyList<AdapterScale>? adapters = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return ChooseAsync([image], prompt, candidates, adapters, cancellationToken);
    }

    /// <summary>How probable each of some answers to a prompt about some pictures is.</summary>
    /// <param name="images">The pictures, in the order in which the model sees them.</param>
    /// <param name="prompt">The prompt, without the line feed that ends the prefix.</param>
    /// <param name="candidates">The answers, at least one, all different and none empty.</param>
    /// <param name="adapters">The adapters to use, as in <see cref="GenerationRequest.Adapters"/>; null for those that the model was loaded with.</param>
    /// <param name="cancellationToken">Ends the request with <see cref="OperationCanceledException"/>.</param>
    /// <inheritdoc cref="ChooseAsync(RgbImage, string, IReadOnlyList{string}, IReadOnlyList{AdapterScale}, CancellationToken)" path="/returns|/remarks|/exception"/>
    public Task<IReadOnlyList<Choice>> ChooseAsync(
        IReadOnlyList<RgbImage> images, string prompt, IReadOnlyList<string> candidates, IReadOnlyList<AdapterScale>? adapters = null,
        CancellationToken cancellationToken = default)
    {
        new GenerationRequest { Images = images, Prompt = prompt, Adapters = adapters }.Validate();
        string[] own = [.. candidates];
        if (own.Length == 0) throw new ArgumentException("There is nothing to choose from.", nameof(candidates));
        if (own.Any(string.IsNullOrEmpty)) throw new ArgumentException("A candidate is empty.", nameof(candidates));
        string? repeated = own.CountBy(candidate => candidate).FirstOrDefault(pair => pair.Value > 1).Key;
        if (repeated is not null) throw new ArgumentException($"The candidate '{repeated}' is given more than once.", nameof(candidates));

        RgbImage[] ownImages = [.. images];
        AdapterSet set = _adapters.Select(adapters);
        CancellationTokenSource stop = Enter(cancellationToken);
        return PriorityThreads.RunAsync(_priority, () => ScoreAsync(ownImages, prompt, own, set, stop, cancellationToken));
    }

    private async Task<IReadOnlyList<Choice>> ScoreAsync(
        RgbImage[] images, string prompt, string[] candidates, AdapterSet adapters, CancellationTokenSource stop, CancellationToken cancellationToken)
    {
        try
        {
            int[] textTokens = PrefixTokens(prompt);
            int rows = RowsWithRoom(images.Length, textTokens.Length);
            int[][] candidateTokens = Array.ConvertAll(candidates, _text.Vocabulary.Tokenize);
            int longest = candidateTokens.Max(tokens => tokens.Length);
            if (rows + longest > _context.Length)
            {
                throw new InferenceException(
                    $"The prefix has {rows} tokens and the longest candidate {longest}, and the context holds {_context.Length}: "
                    + $"use shorter candidates, or load the model with a longer context (up to {_text.Layout.ContextLength}).");
            }

            PrefixContent prefix = await LookAsync(images, textTokens, rows, stop.Token).ConfigureAwait(false);
            ChoiceJob job =
                new(candidateTokens, prefix, _text.Vocabulary.Ends, _context.Length, 1 + _branches, stop.Token) { Adapters = adapters };
            _loop.Submit(job);
            double[] scores = await job.Completion.ConfigureAwait(false);
            double[] probabilities = Shares(scores);
            return [.. candidates.Select((text, index) => new Choice(text, scores[index], probabilities[index]))];
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

    private static double[] Shares(double[] logLikelihoods)
    {
        double highest = logLikelihoods.Max();
        double[] weights = Array.ConvertAll(logLikelihoods, value => Math.Exp(value - highest));
        double total = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / total);
    }
}
