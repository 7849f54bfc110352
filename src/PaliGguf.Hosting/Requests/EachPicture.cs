using PaliGguf.Language;

namespace PaliGguf.Hosting.Requests;

/// <summary>One prompt about each of many pictures.</summary>
internal static class EachPicture
{
    /// <summary>Answers it. One picture that can not be read, or asked about, does not end the others.</summary>
    /// <typeparam name="T">What names a picture.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="items">The pictures.</param>
    /// <param name="request">The prompt, and how it is answered.</param>
    /// <param name="open">Reads a picture.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static IAsyncEnumerable<EachOutcome<T>> AnswerEachAsync<T>(
        this PaliModel model, IEnumerable<T> items, GenerationRequest request, Func<T, CancellationToken, ValueTask<RgbImage>> open,
        CancellationToken cancellationToken) =>
        model.GenerateEachAsync(items, async (item, stop) => request with { Images = [await open(item, stop).ConfigureAwait(false)] }, cancellationToken);
}
