using System.Text.Json;

namespace PaliGguf.Server.Tests.OpenAi;

/// <summary>What /v1/responses reads; Clients/openai-responses.cjs has the official client.</summary>
public sealed class ResponseTests
{
    private const string Parts = """[{"type":"input_text","text":"caption en"},{"type":"input_image","image_url":VALUE}]""";

    [Theory]
    [InlineData("{}", "input[0].role", "is missing: expected system, developer, user, assistant")]
    [InlineData("""{"type":"message"}""", "input[0].role", "is missing: expected system, developer, user, assistant")]
    [InlineData("""{"type":7}""", "input[0].type", "expected a text, found a number")]
    [InlineData("""{"type":"item_reference","id":"msg_1"}""", "input[0].type", "Nothing is kept")]
    [InlineData("""{"role":"tool","content":"x"}""", "input[0].role", "expected one of system, developer, user, assistant")]
    [InlineData("""{"role":"user","content":[{"type":"input_image"}]}""", "input[0].content[0].image_url",
        "is missing: expected a data URL")]
    [InlineData("null", "input[0].content[1].image_url", "expected a data URL, found null")]
    [InlineData("7", "input[0].content[1].image_url", "expected a data URL, found a number")]
    public async Task What_is_of_another_form_is_named_with_its_place(string item, string place, string problem)
    {
        if (item[0] != '{') item = $$"""{"role":"user","content":{{Parts.Replace("VALUE", item, StringComparison.Ordinal)}}}""";
        RunningServer server = await RunningServer.Shared;
        using StringContent body = new($$"""{"input":[{{item}}]}""", System.Text.Encoding.UTF8, "application/json");
        JsonElement error = await (await server.SendAsync("/v1/responses", body)).OpenAiErrorAsync(400,
            problem.StartsWith("Nothing", StringComparison.Ordinal) ? "unsupported_value" : "invalid_value");
        Assert.Equal(place, error.GetProperty("param").GetString());
        Assert.Contains(problem, error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Calls_of_tools_in_an_earlier_part_of_the_conversation_are_passed_over()
    {
        RunningServer server = await RunningServer.Shared;
        string picture = JsonSerializer.Serialize(Samples.DataUrl(1));
        using StringContent body = new(
            $$"""
            {"input":[{"type":"function_call","call_id":"1","name":"f","arguments":"{}"},
              {"type":"function_call_output","call_id":"1","output":"x"},{"type":"reasoning","summary":[]},
              {"role":"user","content":{{Parts.Replace("VALUE", picture, StringComparison.Ordinal)}}}]}
            """, System.Text.Encoding.UTF8, "application/json");
        JsonElement answer = await (await server.SendAsync("/v1/responses", body)).JsonAsync();
        JsonElement part = answer.GetProperty("output")[0].GetProperty("content")[0];
        Assert.Equal("a turtle on an orange background", part.GetProperty("text").GetString());
    }
}
