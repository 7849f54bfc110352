using System.Runtime.CompilerServices;
using PaliGguf.Language;

namespace PaliGguf;

/// <content>Many requests one after the other.</content>
public sealed partial class PaliModel
{
    /// <summary>
    /// How many are worked on beside those that are decoded: one whose pictures pass through the tower, and one whose files are read.
    /// </summary>
    internal const int Ahead = 2;

    /// <summary>
    /// Answers any number of requests, in their order. While some are decoded, the pictures of the next ones are read, resized and passed through the tower, but never more
    /// than two requests ahead of the <see cref="ModelOptions.Sequences"/> that run: the memory does not grow with the number of requests.
    /// </summary>
    /// <typeparam name="T">What the requests are made from: the path of a picture, for example.</typeparam>
    /// <param name="items">What the requests are made from; enumerated as they are needed.</param>
    /// <param name="open">Makes the request of an item, and reads its pictures. Called for one item at a time, on any thread.</param>
    /// <param name="cancellationToken">Ends everything with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The outcome of each item, in their order. One that fails, in <paramref name="open"/> or later, does not end the others.</returns>
    /// <exception cref="ObjectDisposedException">The model is released.</exception>
    public async IAsyncEnumerable<EachOutcome<T>> GenerateEachAsync<T>(
        IEnumerable<T> items, Func<T, CancellationToken, ValueTask<GenerationRequest>> open, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(open);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        await foreach ((T item, GenerationResult? result, Exception? failure) in EachPipeline.RunAsync(
            items.ToAsyncEnumerable(), _sequences + Ahead, open, (request, stop) => GenerateAsync(request, stop).Result, cancellationToken)
                .ConfigureAwait(false))
        {
            yield return new EachOutcome<T>(item, result, failure);
        }
    }
}
