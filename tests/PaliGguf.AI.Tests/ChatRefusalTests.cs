using Microsoft.Extensions.AI;
using PaliGguf.Imaging;

namespace PaliGguf.AI.Tests;

/// <summary>What the model can not do, and what makes no sense, is an error that says so, before any model is loaded for it.</summary>
public sealed class ChatRefusalTests
{
    public static TheoryData<string, ChatOptions> Unsupported { get; } = new()
    {
        { "calls no tools", new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one")] } },
        { "calls no tools", new ChatOptions { ToolMode = ChatToolMode.RequireAny } },
        { "Instructions is not supported", new ChatOptions { Instructions = "Be brief." } },
        { "ConversationId is not supported", new ChatOptions { ConversationId = "7" } },
        { "ResponseFormat is not supported", new ChatOptions { ResponseFormat = ChatResponseFormat.Json } },
        { "FrequencyPenalty is not supported", new ChatOptions { FrequencyPenalty = 0.5f } },
        { "PresencePenalty is not supported", new ChatOptions { PresencePenalty = 0.5f } },
        { "Reasoning is not supported", new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High } } },
    };

    public static TheoryData<string, ChatOptions> OutOfRange { get; } = new()
    {
        { "at least 1 token, not 0", new ChatOptions { MaxOutputTokens = 0 } },
        { "temperature of -1 is out of range", new ChatOptions { Temperature = -1 } },
        { "top-p of 1.5 is out of range", new ChatOptions { TopP = 1.5f } },
        { "top-k of -3 is out of range", new ChatOptions { TopK = -3 } },
        { "seed 4294967296 is out of range", new ChatOptions { Seed = 1L << 32 } },
        { "stop text is empty", new ChatOptions { StopSequences = [""] } },
    };

    public static TheoryData<string, AIContent> NoPictures { get; } = new()
    {
        { "https://example.org/cat.png is not fetched", new UriContent("https://example.org/cat.png", "image/png") },
        { "is not fetched", new UriContent("file:///etc/passwd", "image/png") },
        { "does not understand a FunctionResultContent", new FunctionResultContent("1", "result") },
    };

    [Theory]
    [MemberData(nameof(Unsupported), DisableDiscoveryEnumeration = true)]
    public async Task An_option_that_is_not_supported(string expected, ChatOptions options)
    {
        Assert.Contains(expected, (await UnloadedAsync<NotSupportedException>(Ask(), options)).Message);
        NotSupportedException streamed = await Assert.ThrowsAsync<NotSupportedException>(async () => await Unloaded().GetStreamingResponseAsync([Ask()], options).ToListAsync());
        Assert.Contains(expected, streamed.Message);
    }

    [Theory]
    [MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public async Task A_value_out_of_range(string expected, ChatOptions options)
    {
        await using PaliModel model = await NanoModel.LoadAsync();
        using PaliChatClient client = new(model);
        Assert.Contains(expected, (await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync(Ask(), options))).Message);
    }

    [Fact]
    public async Task What_changes_nothing_is_allowed()
    {
        await using PaliModel model = await NanoModel.LoadAsync();
        using PaliChatClient client = new(model);
        ChatOptions options = new() { Tools = [], ToolMode = ChatToolMode.Auto, FrequencyPenalty = 0, PresencePenalty = 0, Instructions = "", ResponseFormat = ChatResponseFormat.Text };
        Assert.Equal("a turtle on an orange background", (await client.GetResponseAsync(Ask(), options)).Text);
    }

    [Theory]
    [MemberData(nameof(NoPictures), DisableDiscoveryEnumeration = true)]
    public async Task A_content_that_is_not_understood(string expected, AIContent content) =>
        Assert.Contains(expected, (await UnloadedAsync<NotSupportedException>(new ChatMessage(ChatRole.User, [content, new TextContent("caption en")]))).Message);

    [Fact]
    public async Task A_sound_is_no_picture()
    {
        ChatMessage message = new(ChatRole.User, [new DataContent(new byte[4], "audio/wav"), new TextContent("caption en")]);
        Assert.Contains("audio/wav is no picture", (await UnloadedAsync<ArgumentException>(message)).Message);
    }

    [Fact]
    public async Task Bytes_of_no_particular_type_that_are_no_picture()
    {
        ChatMessage message = new(ChatRole.User,
            [new DataContent("Nothing to see here."u8.ToArray(), "application/octet-stream") { Name = "notes.upload" },
                new TextContent("caption en")]);
        Assert.Contains("notes.upload: this is text", (await UnloadedAsync<UnknownImageFormatException>(message)).Message);
    }

    [Fact]
    public async Task A_conversation_without_a_picture()
    {
        Assert.Contains("no picture in the conversation",
            (await UnloadedAsync<ArgumentException>(NanoModel.Ask("what can you do?"))).Message);
        Assert.Contains("AllowTextOnly", (await UnloadedAsync<ArgumentException>(NanoModel.Ask(""))).Message);
    }

    [Fact]
    public async Task The_latest_picture_where_it_is_elsewhere_even_if_there_is_an_earlier_one()
    {
        ChatMessage[] messages = [Ask(), new(ChatRole.User, [new UriContent("https://example.org/cat.png", "image/png")]),
            NanoModel.Ask("answer en what is this?")];
        Assert.Contains("is not fetched",
            (await Assert.ThrowsAsync<NotSupportedException>(() => Unloaded().GetResponseAsync(messages))).Message);
    }

    [Fact]
    public async Task A_conversation_without_a_user()
    {
        Assert.Contains("no user message", (await UnloadedAsync<ArgumentException>(new ChatMessage(ChatRole.Assistant, "hello"))).Message);
        Assert.Contains("no user message", (await Assert.ThrowsAsync<ArgumentException>(() => Unloaded().GetResponseAsync([]))).Message);
        Assert.Throws<ArgumentNullException>(() => Unloaded().GetStreamingResponseAsync((IEnumerable<ChatMessage>)null!));
    }

    [Fact]
    public async Task A_system_message()
    {
        ChatMessage[] messages = [new(ChatRole.System, "Be brief."), Ask()];
        Assert.Contains("follows no system message", (await Assert.ThrowsAsync<NotSupportedException>(() => Unloaded().GetResponseAsync(messages))).Message);
    }

    [Fact]
    public async Task Bytes_that_are_no_picture()
    {
        await using PaliModel model = await NanoModel.LoadAsync();
        using PaliChatClient client = new(model, limits: new ImageLimits { MaxPixels = 1000 });
        ChatMessage text = new(ChatRole.User, [new DataContent("Nothing to see here."u8.ToArray(), "image/png") { Name = "notes.png" }, new TextContent("caption en")]);
        Assert.Contains("notes.png: this is text", (await Assert.ThrowsAnyAsync<ImageException>(() => client.GetResponseAsync(text))).Message);
        Assert.Contains("more than the limit of 0.001 million", (await Assert.ThrowsAsync<ImageLimitException>(() => client.GetResponseAsync(Ask()))).Message);
    }

    [Fact]
    public async Task A_data_uri_that_is_damaged()
    {
        ChatMessage message = new(ChatRole.User, [new UriContent("data:image/png;base64,AAA%", "image/png"), new TextContent("caption en")]);
        Assert.Contains("A picture is no valid base64", (await UnloadedAsync<FormatException>(message)).Message);
    }

    [Fact]
    public async Task A_prompt_that_does_not_fit()
    {
        await using PaliModel model = await NanoModel.LoadAsync();
        using PaliChatClient client = new(model);
        ChatMessage message = NanoModel.Ask(string.Concat(Enumerable.Repeat("what ", 2000)), NanoModel.Turtle);
        Assert.Contains("fewer pictures or a shorter prompt", (await Assert.ThrowsAsync<InferenceException>(() => client.GetResponseAsync(message))).Message);
        await Assert.ThrowsAsync<InferenceException>(async () => await client.GetStreamingResponseAsync([message]).ToListAsync());
    }

    private static ChatMessage Ask() => NanoModel.Ask("caption en", NanoModel.Turtle);

    private static PaliChatClient Unloaded() => new(new PaliModelProvider(_ => throw new InvalidOperationException("A model is loaded.")));

    private static Task<T> UnloadedAsync<T>(ChatMessage message, ChatOptions? options = null)
        where T : Exception => Assert.ThrowsAsync<T>(() => Unloaded().GetResponseAsync(message, options));
}
