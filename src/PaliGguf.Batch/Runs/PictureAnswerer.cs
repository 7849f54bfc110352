using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using PaliGguf.Batch.Results;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Hosting.Json;
using PaliGguf.Imaging;
using PaliGguf.Language;
using PaliGguf.Tasks;

namespace PaliGguf.Batch.Runs;

/// <summary>
/// Answers what is asked about pictures. Reading, decoding, resizing, the tower and the answers overlap, over as many pictures as the
/// model's sequences need. Several questions about one picture run side by side, and share its pass through the tower where the model keeps
/// that of as many pictures (<see cref="CacheFor"/>).
/// </summary>
/// <param name="model">The model.</param>
/// <param name="options">What is asked, and how.</param>
public sealed class PictureAnswerer(PaliModel model, AnswerOptions options)
{
    /// <summary>How many pictures are worked on at once: those that are answered about, and those that are read and decoded meanwhile.</summary>
    /// <param name="sequences">How many answers are decoded side by side.</param>
    internal static int AtOnce(int sequences) => sequences + PaliModel.Ahead;

    /// <summary>
    /// The bytes that a model must keep of what the tower made (<see cref="ModelOptions.SoftTokenCacheBytes"/>), so that it sees each
    /// picture once.
    /// </summary>
    /// <param name="questions">The most questions about a picture.</param>
    /// <param name="sequences">How many answers are decoded side by side.</param>
    /// <param name="pictureBytes">What one picture takes.</param>
    public static long CacheFor(int questions, int sequences, long pictureBytes) => questions > 1 ? pictureBytes * AtOnce(sequences) : 0;

    /// <summary>Answers about one picture after the other.</summary>
    /// <param name="items">The pictures; taken as they are needed, and never more than are worked on.</param>
    /// <param name="cancellationToken">Ends everything with <see cref="OperationCanceledException"/>.</param>
    /// <returns>What became of each, in their order. A failure of one picture does not end the others; one of the model or of the machine
    /// does.</returns>
    public async IAsyncEnumerable<ItemAnswer> AnswerAsync(
        IAsyncEnumerable<WorkItem> items, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach ((WorkItem item, ItemAnswer? answer, Exception? failure) in EachPipeline.RunAsync(
            items, AtOnce(options.Sequences), OpenAsync, AskAsync, cancellationToken).ConfigureAwait(false))
        {
            yield return answer ?? Failed(item, failure!);
        }
    }

    private async ValueTask<(WorkItem Item, RgbImage Picture)> OpenAsync(WorkItem item, CancellationToken cancellationToken)
    {
        if (item.Problem is { } problem) throw new PaliException(problem);
        // Opening a pipe would wait for ever.
        if (item.Picture is PictureFile file && File.Exists(file.Name) && !RegularFile.IsOne(file.Name))
            throw new ImageException(file.Name, "this is a pipe, a socket or a device, not a file");
        if (item.Questions.Count == 0 && options.Questions.Count == 0)
            throw new PaliException($"{item.Picture.Name}: nothing is asked about it, neither by itself nor of all.");
        return (item, await item.Picture.LoadAsync(cancellationToken).ConfigureAwait(false));
    }

    private async Task<ItemAnswer> AskAsync((WorkItem Item, RgbImage Picture) opened, CancellationToken cancellationToken)
    {
        (WorkItem item, RgbImage picture) = opened;
        IReadOnlyList<Question> questions = item.Questions.Count > 0 ? item.Questions : options.Questions;
        Outcome[] outcomes = await Task.WhenAll(questions.Select(question => AskAsync(question, picture, cancellationToken)))
            .ConfigureAwait(false);
        string source = item.Picture.Name;
        return new ItemAnswer(
            item.Id,
            [.. from outcome in outcomes where outcome.Error is null
                select new AnswerLine(item.Id, source, outcome.Question.Prompt, outcome.Answer) { Task = outcome.Question.Task }],
            [.. from outcome in outcomes where outcome.Error is not null
                select new FailureLine(item.Id, source, outcome.Error!) { Task = outcome.Question.Task, Prompt = outcome.Question.Prompt }])
        {
            Looks = outcomes.Sum(outcome => outcome.Looks),
        };
    }

    private async Task<Outcome> AskAsync(Question question, RgbImage picture, CancellationToken cancellationToken)
    {
        try
        {
            if (question.Labels is { } labels) return await FindAsync(question, labels, picture, cancellationToken).ConfigureAwait(false);
            GenerationRequest request = options.Request with { Prompt = question.Prompt, Images = [picture] };
            GenerationResult result = await model.GenerateAsync(request, cancellationToken).Result.ConfigureAwait(false);
            if (result.FinishReason == FinishReason.Cancelled) throw new OperationCanceledException(cancellationToken);
            TextAnswer answer = TextAnswer.Of(AnswerJson.From(result), options.Probabilities);
            return new Outcome(question, JsonSerializer.SerializeToElement(answer, ResultJson.Default.TextAnswer),
                1 - result.Timings.PicturesCached);
        }
        catch (Exception failure) when (IsOfThePicture(failure))
        {
            return new Outcome(question, default, 0) { Error = OneLine(failure) };
        }
    }

    private async Task<Outcome> FindAsync(
        Question question, IReadOnlyList<string> labels, RgbImage picture, CancellationToken cancellationToken)
    {
        (InstanceResult result, IReadOnlyList<Detection> found) =
            await model.FindAsync(picture, labels, question.Masks, options.Instances, cancellationToken).ConfigureAwait(false);
        FoundAnswer answer = FoundAnswer.Of(InstancesJson.From(result, found));
        int prompts = options.Instances.OneLabelAtATime ? labels.Count : 1;
        return new Outcome(question, JsonSerializer.SerializeToElement(answer, ResultJson.Default.FoundAnswer),
            prompts - result.Timings.PicturesCached);
    }

    private static ItemAnswer Failed(WorkItem item, Exception failure)
    {
        if (!IsOfThePicture(failure)) ExceptionDispatchInfo.Throw(failure);
        return new ItemAnswer(item.Id, [], [new FailureLine(item.Id, item.Picture.Name, OneLine(failure))]);
    }

    // The others would fail for all pictures that are left.
    private static bool IsOfThePicture(Exception failure) =>
        failure is (PaliException or ArgumentException or IOException or UnauthorizedAccessException)
        and not (ModelChangedException or ModelMemoryException or NativeLibraryException or ObjectDisposedException);

    private static string OneLine(Exception failure) => failure.Message.ReplaceLineEndings(" ");

    private sealed record Outcome(Question Question, JsonElement Answer, int Looks)
    {
        public string? Error { get; init; }
    }
}
