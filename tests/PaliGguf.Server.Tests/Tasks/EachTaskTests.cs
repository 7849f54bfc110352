using System.Text.Json;

namespace PaliGguf.Server.Tests.Tasks;

public sealed class EachTaskTests
{
    [Fact]
    public async Task Each_picture_has_an_answer_of_its_own()
    {
        JsonElement[] answers = await AnswersAsync(new { images = new[] { Samples.Base64(1), Samples.Base64(2) } });
        Assert.Equal([0, 1], answers.Select(answer => answer.GetProperty("picture").GetInt32()));
        Assert.Equal(["a turtle on an orange background", "two bananas on a blue background"], answers.Select(TextOf));
        answers = await AnswersAsync(new { images = new[] { Samples.Base64(1), Samples.Base64(2) }, prompt = "answer en what color is the background?" });
        Assert.Equal(["orange", "blue"], answers.Select(TextOf));
    }

    [Fact]
    public async Task A_picture_that_is_none_has_a_problem_and_the_others_go_on()
    {
        JsonElement[] answers = await AnswersAsync(new { images = new[] { Convert.ToBase64String("no picture"u8), Samples.Base64(2) } });
        Assert.Equal("unsupported_media_type", answers[0].GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("two bananas on a blue background", TextOf(answers[1]));
    }

    [Fact]
    public async Task The_answers_come_as_they_are_made_where_that_is_asked_for()
    {
        RunningServer server = await RunningServer.Shared;
        using HttpResponseMessage response = await server.PostAsync("/api/each", new { images = new[] { Samples.Base64(1), Samples.Base64(2) } }, ("Accept", "text/event-stream"));
        List<ServerEvent> events = await response.EventsAsync().ToListAsync();
        Assert.Equal(["answer", "answer"], events.Select(sent => sent.Name));
        Assert.Equal("two bananas on a blue background", TextOf(events[1].Json));
    }

    [Fact]
    public async Task Without_a_picture_there_is_nothing_to_answer() =>
        await (await (await RunningServer.Shared).PostAsync("/api/each", new { prompt = "caption en" })).ProblemAsync(400, "invalid_value");

    private static async Task<JsonElement[]> AnswersAsync(object body) =>
        [.. (await (await (await RunningServer.Shared).PostAsync("/api/each", body)).JsonAsync()).GetProperty("answers").EnumerateArray()];

    private static string? TextOf(JsonElement answer) => answer.GetProperty("answer").GetProperty("text").GetString();
}
