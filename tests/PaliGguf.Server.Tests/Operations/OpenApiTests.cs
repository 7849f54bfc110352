using System.Text.Json;

namespace PaliGguf.Server.Tests.Operations;

public sealed class OpenApiTests
{
    [Fact]
    public async Task The_document_describes_every_address_and_what_it_takes_and_gives()
    {
        RunningServer server = await RunningServer.Shared;
        JsonElement document = await (await server.Client.GetAsync("/openapi/v1.json")).JsonAsync();
        JsonElement paths = document.GetProperty("paths");
        foreach (string task in new[] { "caption", "describe", "answer", "ocr", "generate", "detect", "segment", "choose", "pictures" })
        {
            JsonElement operation = paths.GetProperty($"/api/{task}").GetProperty("post");
            JsonElement content = operation.GetProperty("requestBody").GetProperty("content");
            Assert.Equal(["application/json", "multipart/form-data", "image/*", "application/octet-stream"],
                content.EnumerateObject().Select(type => type.Name));
            Assert.True(operation.GetProperty("responses").TryGetProperty("429", out _));
        }

        foreach (string path in new[] { "/api/model", "/v1/models", "/healthz", "/readyz", "/metrics" }) Assert.True(paths.GetProperty(path).TryGetProperty("get", out _), path);
        Assert.True(paths.GetProperty("/v1/chat/completions").GetProperty("post").GetProperty("responses").GetProperty("200").GetProperty("content").TryGetProperty("text/event-stream", out _));
        JsonElement schemas = document.GetProperty("components").GetProperty("schemas");
        JsonElement chat = schemas.GetProperty("ChatCompletionRequest").GetProperty("properties");
        Assert.True(chat.TryGetProperty("max_completion_tokens", out _));
        Assert.Equal(["application/json"],
            paths.GetProperty("/v1/chat/completions").GetProperty("post").GetProperty("requestBody").GetProperty("content")
                .EnumerateObject().Select(type => type.Name));
        Assert.True(schemas.GetProperty("ChatImage").GetProperty("properties").TryGetProperty("url", out _));
        JsonElement text = schemas.GetProperty("TextRequest").GetProperty("properties");
        Assert.Contains("base64", text.GetProperty("image").ToString());
        Assert.Equal("string", schemas.GetProperty("PictureData").GetProperty("type").GetString());
        Assert.Equal(["null", "integer"], text.GetProperty("maxTokens").GetProperty("type").EnumerateArray().Select(type => type.GetString()));
        Assert.Contains("array", text.GetProperty("stop").GetProperty("type").ToString());
        Assert.True(schemas.GetProperty("InstanceJson").GetProperty("properties").TryGetProperty("boxNormalized", out _));
    }
}
