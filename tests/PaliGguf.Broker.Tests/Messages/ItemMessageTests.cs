using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Batch;
using PaliGguf.Batch.Runs;
using PaliGguf.Broker.Messages;

namespace PaliGguf.Broker.Tests.Messages;

public sealed class ItemMessageTests
{
    private static readonly byte[] Bytes = ItemMessage.Write(Sample.Item, "\n{x"u8);

    [Fact]
    public void What_is_written_is_read_and_the_picture_is_behind_it_as_it_is()
    {
        (ItemMessage message, ReadOnlyMemory<byte> inline) = ItemMessage.Read(Bytes);
        Assert.Equal("\n{x"u8, inline.Span);
        Assert.Empty(Sample.Model.Differences(message.Model));
        Question[] questions = [.. message.Questions.Select(question => question.ToQuestion())];
        Assert.Equal(Sample.Questions.Select(question => (question.Task, question.Prompt, question.Masks)),
            questions.Select(question => (question.Task, question.Prompt, question.Masks)));
        Assert.Equal(["cat", "dog"], questions[1].Labels);
        AnswerOptions options = message.Terms.ToOptions(sequences: 2);
        Assert.Equal(Sample.Options.Request.Sampling, options.Request.Sampling);
        Assert.Equal(Sample.Options.Instances, options.Instances);
        Assert.Equal((17, 2, true), (options.Request.MaxTokens, options.Sequences, options.Probabilities));
    }

    [Fact]
    public void A_newer_version_is_told_whatever_else_it_says()
    {
        Assert.Contains("version 2", Assert.Throws<NewerMessageException>(() => Read("""{"a":[{}],"version":2,"new":true}""")).Message);
        Assert.Throws<NewerMessageException>(() => Read("""{"version":9000000000}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"version":"1"}""")]
    [InlineData("""{"version":0}""")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"version":1,"key":"\ud83d"}""")]
    public void Other_texts_are_none(string json) => Assert.Throws<MessageException>(() => Read(json));

    [Theory]
    [InlineData("key", "\"short\"")]
    [InlineData("key", "null")]
    [InlineData("model", "null")]
    [InlineData("model", """{"model":{"name":"a","text":"b","vision":"c"},"adapters":[null],"options":{}}""")]
    [InlineData("terms", """{"maxTokens":5}""")]
    [InlineData("terms", """{"maxTokens":99999999999,"instanceTokens":1}""")]
    [InlineData("questions", "[]")]
    [InlineData("questions", "[null]")]
    [InlineData("picture", """{"name":"a"}""")]
    [InlineData("picture", """{"name":"a","inline":4}""")]
    [InlineData("picture", """{"name":"a","inline":-3}""")]
    [InlineData("picture", """{"name":"a","path":"/etc/passwd","inline":3}""")]
    public void What_does_not_fit_together_is_refused(string field, string value)
    {
        JsonObject message = JsonNode.Parse(ItemMessage.LineOf(Bytes).Span)!.AsObject();
        message[field] = JsonNode.Parse(value);
        Assert.Throws<MessageException>(() => Read(message.ToJsonString(), "\n{x"));
    }

    [Theory]
    [InlineData("maxTokens", "2000000")]
    [InlineData("maxTokens", "0")]
    [InlineData("beams", "0")]
    [InlineData("stop", "[null]")]
    [InlineData("minScore", "2")]
    [InlineData("temperature", "-1")]
    public void How_it_is_to_be_answered_has_limits(string term, string value)
    {
        JsonObject message = JsonNode.Parse(ItemMessage.LineOf(Bytes).Span)!.AsObject();
        message["terms"]![term] = JsonNode.Parse(value);
        AnswerTerms read = ItemMessage.Read(Body(message.ToJsonString(), "\n{x")).Message.Terms;
        Assert.Throws<ArgumentException>(() => read.ToOptions(1));
    }

    [Fact]
    public void Any_change_of_its_bytes_is_read_or_refused()
    {
        Gen<(int At, byte Value)> change = from at in Gen.Choose(0, Bytes.Length - 1) from value in Gen.Choose(0, 255) select (at, (byte)value);
        Prop.ForAll(change.ArrayOf().ToArbitrary(), changes =>
        {
            byte[] body = [.. Bytes];
            foreach ((int at, byte value) in changes) body[at] = value;
            Survives(body);
            Survives(body.AsMemory(0, changes.Length > 0 ? changes[0].At : 0));
        }).QuickCheckThrowOnFailure();
    }

    private static void Survives(ReadOnlyMemory<byte> body)
    {
        try
        {
            ItemMessage.Read(body);
        }
        catch (Exception e) when (e is MessageException or NewerMessageException)
        {
        }
    }

    private static ReadOnlyMemory<byte> Body(string json, string inline) => Encoding.UTF8.GetBytes($"{json}\n{inline}");

    private static void Read(string json, string inline = "") => ItemMessage.Read(Body(json, inline));
}
