using System.Text.Json;
using PaliGguf.Batch;
using PaliGguf.Batch.Results;

namespace PaliGguf.Broker.Messages;

/// <summary>An answer to a question of a picture.</summary>
/// <param name="Question">The question's number, from 0 on.</param>
/// <param name="Answer">The answer.</param>
internal sealed record QuestionAnswer(int Question, JsonElement Answer);

/// <summary>Why a question has no answer.</summary>
/// <param name="Error">Why.</param>
internal sealed record QuestionFailure(string Error)
{
    /// <summary>The question's number, from 0 on; null where nothing could be asked about the picture.</summary>
    public int? Question { get; init; }
}

/// <summary>What a worker says of a picture. It names neither picture nor prompts: who collects knows them by the key.</summary>
/// <param name="Version">The version of the form.</param>
/// <param name="Key">The message that is answered.</param>
/// <param name="Worker">Who answers.</param>
/// <param name="Model">With which model.</param>
/// <param name="Answers">The answers.</param>
/// <param name="Failures">What has none.</param>
internal sealed record AnswerMessage(
    int Version, string Key, string Worker, ModelFacts Model, IReadOnlyList<QuestionAnswer> Answers, IReadOnlyList<QuestionFailure> Failures)
{
    /// <summary>What the type of such a message is called.</summary>
    public const string Type = "paligguf.answer";

    private const int MostBytes = 16 << 20, LongestError = 1 << 16;

    public int Looks { get; init; }

    /// <summary>What became of an item.</summary>
    /// <param name="message">The item.</param>
    /// <param name="worker">Who answers.</param>
    /// <param name="answer">What became of it.</param>
    public static AnswerMessage Of(ItemMessage message, string worker, ItemAnswer answer)
    {
        Dictionary<(string?, string?), int> numbers = [];
        foreach ((int number, QuestionMessage question) in message.Questions.Index()) numbers[(question.Task, question.Prompt)] = number;
        return new AnswerMessage(
            MessageJson.Version, message.Key, worker, message.Model,
            [.. answer.Answers.Select(line => new QuestionAnswer(numbers[(line.Task, line.Prompt)], line.Answer))],
            [.. answer.Failures.Select(line => new QuestionFailure(line.Error)
            {
                Question = line.Prompt is null ? null : numbers[(line.Task, line.Prompt)],
            })])
        {
            Looks = answer.Looks,
        };
    }

    /// <summary>The message's bytes; a failure in its place where they would be too many.</summary>
    public byte[] Write()
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(this, MessageJson.Default.AnswerMessage);
        if (bytes.Length <= MostBytes) return bytes;
        QuestionFailure failure = new($"its answers have {bytes.Length} bytes, more than the {MostBytes} that a message may have.");
        return (this with { Answers = [], Failures = [failure] }).Write();
    }

    /// <summary>Reads a message.</summary>
    /// <exception cref="NewerMessageException">A newer program wrote it.</exception>
    /// <exception cref="MessageException">It is none.</exception>
    public static AnswerMessage Read(ReadOnlySpan<byte> body)
    {
        if (body.Length > MostBytes) throw new MessageException("it has more bytes than any answer");
        AnswerMessage message = MessageJson.Read(body, MessageJson.Default.AnswerMessage);
        bool sound = ItemKeys.IsKey(message.Key) && message.Answers.All(answer => answer is { Answer.ValueKind: JsonValueKind.Object })
            && message.Failures.All(failure => failure is { Error.Length: > 0 and <= LongestError }) && message.Looks >= 0;
        return sound ? message : throw new MessageException("it is no answer");
    }

    /// <summary>What it says of an item.</summary>
    /// <param name="id">The item.</param>
    /// <param name="source">Where its picture came from.</param>
    /// <param name="questions">What was asked.</param>
    /// <exception cref="MessageException">It does not answer what was asked.</exception>
    public ItemAnswer ToAnswer(string id, string source, IReadOnlyList<Question> questions)
    {
        if (Failures is [{ Question: null, Error: var error }] && Answers.Count == 0)
            return new ItemAnswer(id, [], [new FailureLine(id, source, error)]);
        int[] numbers = [.. Answers.Select(answer => answer.Question).Concat(Failures.Select(failure => failure.Question ?? -1)).Order()];
        if (!numbers.AsSpan().SequenceEqual(Enumerable.Range(0, questions.Count).ToArray()))
            throw new MessageException("it does not answer what was asked");
        return new ItemAnswer(
            id,
            [.. from answer in Answers orderby answer.Question let question = questions[answer.Question]
                select new AnswerLine(id, source, question.Prompt, answer.Answer) { Task = question.Task }],
            [.. from failure in Failures orderby failure.Question let question = questions[failure.Question!.Value]
                select new FailureLine(id, source, failure.Error) { Task = question.Task, Prompt = question.Prompt }])
        {
            Looks = Looks,
        };
    }
}
