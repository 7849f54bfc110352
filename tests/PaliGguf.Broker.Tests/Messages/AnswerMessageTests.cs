using System.Text;
using System.Text.Json;
using PaliGguf.Batch.Results;
using PaliGguf.Broker.Messages;

namespace PaliGguf.Broker.Tests.Messages;

public sealed class AnswerMessageTests
{
    private static readonly JsonElement Text = JsonDocument.Parse("""{"text":"a cat"}""").RootElement;

    [Fact]
    public void Answers_and_failures_come_back_with_what_the_collector_knows()
    {
        ItemAnswer answer = new(
            Sample.Key, [new AnswerLine(Sample.Key, "here", "caption en", Text) { Task = "caption" }, new AnswerLine(Sample.Key, "here", "ocr", Text)],
            [new FailureLine(Sample.Key, "here", "too long") { Task = "detect cat ; dog", Prompt = "detect cat ; dog" }]) { Looks = 2 };
        ItemAnswer read = AnswerMessage.Read(AnswerMessage.Of(Sample.Item, "w", answer).Write()).ToAnswer("a", "photos/a.png", Sample.Questions);
        Assert.Equal(("a", 2), (read.Id, read.Looks));
        Assert.Equal([("a", "photos/a.png", "caption", "caption en"), ("a", "photos/a.png", null, "ocr")],
            read.Answers.Select(line => (line.Id, line.Source, line.Task, line.Prompt)));
        Assert.Equal("a cat", read.Answers[0].Answer.GetProperty("text").GetString());
        FailureLine failure = Assert.Single(read.Failures);
        Assert.Equal(("a", "photos/a.png", "detect cat ; dog", "too long"), (failure.Id, failure.Source, failure.Task, failure.Error));
    }

    [Fact]
    public void A_picture_that_could_not_be_read_fails_as_a_whole()
    {
        ItemAnswer failed = new(Sample.Key, [], [new FailureLine(Sample.Key, "there", "no picture")]);
        ItemAnswer read = AnswerMessage.Read(AnswerMessage.Of(Sample.Item, "w", failed).Write()).ToAnswer("a", "a.png", Sample.Questions);
        Assert.Equal((null, null, "no picture"), (read.Failures[0].Task, read.Failures[0].Prompt, read.Failures[0].Error));
    }

    [Fact]
    public void Answers_that_no_message_has_room_for_are_a_failure()
    {
        JsonElement large = JsonDocument.Parse($$"""{"text":"{{new string('x', 17 << 20)}}"}""").RootElement;
        AnswerMessage message = Message with { Answers = [new QuestionAnswer(0, large)] };
        Assert.Contains("more than", Assert.Single(AnswerMessage.Read(message.Write()).Failures).Error);
    }

    [Theory]
    [InlineData("""[{"question":0,"answer":{}}]""", "[]")]
    [InlineData("""[{"question":0,"answer":{}},{"question":0,"answer":{}},{"question":1,"answer":{}}]""", "[]")]
    [InlineData("""[{"question":-1,"answer":{}},{"question":1,"answer":{}},{"question":2,"answer":{}}]""", "[]")]
    [InlineData("""[{"question":0,"answer":{}},{"question":1,"answer":{}}]""", """[{"error":"x"}]""")]
    [InlineData("""[{"question":0,"answer":{}},{"question":1,"answer":{}}]""", """[{"error":"x","question":3}]""")]
    public void What_does_not_answer_each_question_once_is_refused(string answers, string failures) =>
        Assert.Throws<MessageException>(() => Read(answers, failures).ToAnswer("a", "a.png", Sample.Questions));

    [Theory]
    [InlineData("[null]", "[]")]
    [InlineData("""[{"question":0,"answer":5}]""", "[]")]
    [InlineData("""[{"question":0}]""", "[]")]
    [InlineData("[]", """[{"error":""}]""")]
    [InlineData("[]", "null")]
    public void What_is_no_answer_is_refused(string answers, string failures) =>
        Assert.Throws<MessageException>(() => Read(answers, failures));

    private static AnswerMessage Message => new(MessageJson.Version, Sample.Key, "w", Sample.Model, [], []);

    private static AnswerMessage Read(string answers, string failures)
    {
        string json = Encoding.UTF8.GetString(Message.Write());
        return AnswerMessage.Read(Encoding.UTF8.GetBytes(
            json.Replace("\"answers\":[]", $"\"answers\":{answers}", StringComparison.Ordinal)
                .Replace("\"failures\":[]", $"\"failures\":{failures}", StringComparison.Ordinal)));
    }
}
