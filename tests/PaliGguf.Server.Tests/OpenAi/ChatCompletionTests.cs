using System.ClientModel;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;

namespace PaliGguf.Server.Tests.OpenAi;

/// <summary>The official client, as its users use it.</summary>
public sealed class ChatCompletionTests
{
    [Fact]
    public async Task The_client_gets_an_answer_about_a_picture()
    {
        ChatCompletion completion = await (await ChatAsync()).CompleteChatAsync([Ask("caption en", 1)]);
        Assert.Equal("a turtle on an orange background", Assert.Single(completion.Content).Text);
        Assert.Equal(ChatFinishReason.Stop, completion.FinishReason);
        Assert.Equal("pali-nano", completion.Model);
        Assert.Equal((68, 6, 74), (completion.Usage.InputTokenCount, completion.Usage.OutputTokenCount, completion.Usage.TotalTokenCount));
        Assert.InRange(completion.CreatedAt, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
    }

    [Fact]
    public async Task The_client_gets_it_piece_by_piece()
    {
        List<StreamingChatCompletionUpdate> updates = await (await ChatAsync()).CompleteChatStreamingAsync([Ask("caption en", 1)]).ToListAsync();
        string[] pieces = [.. updates.SelectMany(update => update.ContentUpdate).Select(part => part.Text).Where(text => text.Length > 0)];
        Assert.Equal("a turtle on an orange background", string.Concat(pieces));
        Assert.Equal(6, pieces.Length);
        Assert.Equal(ChatMessageRole.Assistant, updates[0].Role);
        Assert.Single(updates.Select(update => update.CompletionId).Distinct());
        Assert.Equal(ChatFinishReason.Stop, Assert.Single(updates, update => update.FinishReason is not null).FinishReason);
        // The client asks for the usage of streams by itself.
        Assert.Equal(74, Assert.Single(updates, update => update.Usage is not null).Usage.TotalTokenCount);
    }

    [Fact]
    public async Task The_longest_answer_and_stop_texts_end_it()
    {
        ChatClient chat = await ChatAsync();
        ChatCompletion cut = await chat.CompleteChatAsync([Ask("caption en", 1)], new ChatCompletionOptions { MaxOutputTokenCount = 2 });
        Assert.Equal("a turtle", cut.Content[0].Text);
        Assert.Equal(ChatFinishReason.Length, cut.FinishReason);
        ChatCompletion stopped = await chat.CompleteChatAsync([Ask("caption en", 1)], new ChatCompletionOptions { StopSequences = { "orange" } });
        Assert.Equal("a turtle on an ", stopped.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, stopped.FinishReason);
    }

    [Fact]
    public async Task A_seed_makes_drawing_repeatable()
    {
        // Beside other requests, the last bits of the logits depend on what else is in the batch.
        await using RunningServer server = await RunningServer.StartAsync(options => options with { ModelOptions = options.ModelOptions with { Sequences = 1 } });
        ChatClient chat = Client(server).GetChatClient("pali-nano");
        async Task<string> DrawAsync(long seed)
        {
#pragma warning disable OPENAI001 // The client calls its seed experimental.
            ChatCompletionOptions options = new() { Temperature = 2, TopP = 0.99f, Seed = seed, MaxOutputTokenCount = 24 };
#pragma warning restore OPENAI001
            return (await chat.CompleteChatAsync([Ask("describe en", 7)], options)).Value.Content[0].Text;
        }

        Assert.Equal(await DrawAsync(5), await DrawAsync(5));
        Assert.True((await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => DrawAsync(seed + (1L << 40))))).Distinct().Count() > 1);
    }

    [Fact]
    public async Task Tokens_come_with_their_probabilities_and_the_alternatives()
    {
        ChatCompletionOptions options = new() { IncludeLogProbabilities = true, TopLogProbabilityCount = 3 };
        ChatClient chat = await ChatAsync();
        ChatCompletion whole = await chat.CompleteChatAsync([Ask("caption en", 1)], options);
        List<StreamingChatCompletionUpdate> updates = await chat.CompleteChatStreamingAsync([Ask("caption en", 1)], options).ToListAsync();
        foreach (IReadOnlyList<ChatTokenLogProbabilityDetails> tokens in new[] { whole.ContentTokenLogProbabilities, [.. updates.SelectMany(update => update.ContentTokenLogProbabilities)] })
        {
            Assert.Equal(["a", " turtle", " on", " an", " orange", " background"], tokens.Select(token => token.Token));
            Assert.All(tokens, token =>
            {
                Assert.Equal(3, token.TopLogProbabilities.Count);
                // Greedy: the answer's token is the most probable one, and its probability that of the answer.
                Assert.Equal(token.Token, token.TopLogProbabilities[0].Token);
                Assert.Equal(token.LogProbability, token.TopLogProbabilities[0].LogProbability, 0.01f);
                Assert.True(token.TopLogProbabilities[0].LogProbability >= token.TopLogProbabilities[1].LogProbability);
                Assert.True(token.TopLogProbabilities[1].LogProbability >= token.TopLogProbabilities[2].LogProbability);
                Assert.Equal(token.Token, System.Text.Encoding.UTF8.GetString(token.Utf8Bytes!.Value.Span));
            });
        }
    }

    [Fact]
    public async Task Questions_in_ones_own_words_are_put_into_the_models_form_where_that_is_wanted()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NaturalQuestions = true });
        ChatClient chat = Client(server).GetChatClient("pali-nano");
        Assert.Equal("orange", (await chat.CompleteChatAsync([Ask("what color is the background?", 1)])).Value.Content[0].Text);
        foreach (string prompt in (string[])["", "caption en"])
            Assert.Equal("a turtle on an orange background", (await chat.CompleteChatAsync([Ask(prompt, 1)])).Value.Content[0].Text);
        Assert.Equal("yes", (await chat.CompleteChatAsync([Ask("answer en is there a turtle?", 1)])).Value.Content[0].Text);
    }

    [Fact]
    public async Task Several_pictures_are_one_prefix()
    {
        ChatCompletion completion = await (await ChatAsync()).CompleteChatAsync([Ask("caption en", 1, 2)]);
        Assert.Equal(68 + 64, completion.Usage.InputTokenCount);
    }

    [Fact]
    public async Task The_last_user_message_counts()
    {
        ChatMessage[] conversation = [new SystemChatMessage("Answer briefly."), Ask("caption en", 2), new AssistantChatMessage("two bananas on a blue background"), Ask("caption en", 1)];
        ChatCompletion completion = await (await ChatAsync()).CompleteChatAsync(conversation);
        Assert.Equal("a turtle on an orange background", completion.Content[0].Text);
    }

    [Fact]
    public async Task A_further_question_is_about_the_latest_picture()
    {
        ChatMessage[] conversation =
        [
            Ask("caption en", 2), new AssistantChatMessage("two bananas on a blue background"),
            Ask("caption en", 1), new AssistantChatMessage("a turtle on an orange background"),
            new UserChatMessage("answer en what color is the background?"),
        ];
        ChatClient chat = await ChatAsync();
        Assert.Equal("orange", (await chat.CompleteChatAsync(conversation)).Value.Content[0].Text);
        List<StreamingChatCompletionUpdate> updates = await chat.CompleteChatStreamingAsync(conversation).ToListAsync();
        Assert.Equal("orange", string.Concat(updates.SelectMany(update => update.ContentUpdate).Select(part => part.Text)));
    }

    [Fact]
    public async Task A_text_needs_a_picture_unless_the_server_is_told_otherwise()
    {
        ClientResultException failure =
            await Assert.ThrowsAsync<ClientResultException>(
                async () => await (await ChatAsync()).CompleteChatAsync([new UserChatMessage("what can you do?")]));
        Assert.Equal(400, failure.Status);
        Assert.Contains("no picture in the conversation", failure.Message);
        Assert.Contains("--allow-text-only", failure.Message);
        await using RunningServer server = await RunningServer.StartAsync(options => options with { AllowTextOnly = true });
        ChatCompletion completion =
            await Client(server).GetChatClient("pali-nano").CompleteChatAsync([new UserChatMessage("caption en")],
                new ChatCompletionOptions { MaxOutputTokenCount = 3 });
        Assert.Equal((4, 3), (completion.Usage.InputTokenCount, completion.Usage.OutputTokenCount));
        JsonElement generated = await (await server.PostAsync("/api/generate", new { prompt = "caption en", maxTokens = 3 })).JsonAsync();
        Assert.Equal(completion.Content[0].Text, generated.GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_picture_needs_no_text()
    {
        RunningServer server = await RunningServer.Shared;
        string expected = await server.TextAsync("/api/generate", new { image = Samples.Base64(1), prompt = "" });
        object picture = new { type = "image_url", image_url = new { url = Samples.DataUrl(1) } };
        foreach (object[] content in new object[][] { [picture], [new { type = "text", text = "" }, picture] })
        {
            JsonElement answer =
                await (await server.PostAsync("/v1/chat/completions",
                    new { messages = new[] { new { role = "user", content } } })).JsonAsync();
            Assert.Equal(expected, answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
            Assert.True(answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32() < 68);
        }
    }

    [Theory]
    [InlineData("""{"url":"DATA:image/png;BASE64,IMAGE"}""")]
    [InlineData("""{"url":"data:image/png;base64,UNPADDED"}""")]
    [InlineData("""{"url":"data:image/png;base64,FORURLS"}""")]
    [InlineData("""{"url":"data:application/octet-stream;name=a.png;base64,ESCAPED","detail":"low"}""")]
    [InlineData("""{"url":"data:image\/png;base64,SLASHES"}""")]
    [InlineData("""{"url":"IMAGE"}""")]
    [InlineData("\"data:image/png;base64,IMAGE\"")]
    public async Task A_picture_is_read_in_every_form(string imageUrl)
    {
        RunningServer server = await RunningServer.Shared;
        string base64 = Samples.Base64(1), unpadded = base64.TrimEnd('=');
        imageUrl = imageUrl.Replace("IMAGE", base64, StringComparison.Ordinal).Replace("UNPADDED", unpadded, StringComparison.Ordinal)
            .Replace("FORURLS", unpadded.Replace('+', '-').Replace('/', '_'), StringComparison.Ordinal)
            .Replace("ESCAPED", Uri.EscapeDataString(base64), StringComparison.Ordinal)
                .Replace("SLASHES", base64.Replace("/", "\\/", StringComparison.Ordinal), StringComparison.Ordinal);
        string json =
            $$"""{"messages":[{"role":"user","content":[{"type":"text","text":"caption en"},{"type":"image_url","image_url":{{imageUrl}}}]}]}""";
        using StringContent body = new(json, System.Text.Encoding.UTF8, "application/json");
        JsonElement answer = await (await server.SendAsync("/v1/chat/completions", body)).JsonAsync();
        Assert.Equal("a turtle on an orange background",
            answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Theory]
    [InlineData("""null""", "messages")]
    [InlineData("""{}""", "messages")]
    [InlineData("""["caption en"]""", "messages[0]")]
    [InlineData("""[{"content":"caption en"}]""", "messages[0].role")]
    [InlineData("""[{"role":7,"content":"caption en"}]""", "messages[0].role")]
    [InlineData("""[{"role":"bot","content":"caption en"}]""", "messages[0].role")]
    [InlineData("""[{"role":"user"}]""", "messages[0].content")]
    [InlineData("""[{"role":"user","content":null}]""", "messages[0].content")]
    [InlineData("""[{"role":"user","content":7}]""", "messages[0].content")]
    [InlineData("""[{"role":"user","content":{"type":"text","text":"caption en"}}]""", "messages[0].content")]
    [InlineData("""[{"role":"user","content":"\ud800"}]""", "messages[0].content")]
    [InlineData("""[{"role":"assistant"},{"role":"user","content":["caption en"]}]""", "messages[1].content[0]")]
    [InlineData("""[{"role":"user","content":[{"text":"caption en"}]}]""", "messages[0].content[0].type")]
    [InlineData("""[{"role":"user","content":[{"type":"text"}]}]""", "messages[0].content[0].text")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":["caption en"]}]}]""", "messages[0].content[0].text")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"caption en"},{"type":"input_image","image_url":"x"}]}]""",
        "messages[0].content[1].type")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"caption en"},{"type":"image_url"}]}]""",
        "messages[0].content[1].image_url")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"caption en"},{"type":"image_url","image_url":7}]}]""",
        "messages[0].content[1].image_url")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"caption en"},{"type":"image_url","image_url":"not base64!"}]}]""",
        "messages[0].content[1].image_url")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"caption en"},{"type":"image_url","image_url":{}}]}]""",
        "messages[0].content[1].image_url.url")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"caption en"},{"type":"image_url","image_url":{"url":{"data":"x"}}}]}]""", "messages[0].content[1].image_url.url")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"caption en"},{"type":"image_url","image_url":{"url":"data:image/png,abc"}}]}]""", "messages[0].content[1].image_url.url")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"caption en"},{"type":"image_url","image_url":{"url":"\ud800"}}]}]""",
        "messages[0].content[1].image_url.url")]
    [InlineData("""[{"role":"user","content":[{"type":"image_url","image_url":{"url":"AAAAA"}}]},{"role":"user","content":"and now?"}]""",
        "messages[0].content[0].image_url.url")]
    public async Task What_is_of_another_form_is_named_with_its_place(string messages, string place)
    {
        RunningServer server = await RunningServer.Shared;
        using StringContent body = new($$"""{"messages":{{messages}}}""", System.Text.Encoding.UTF8, "application/json");
        JsonElement error = await (await server.SendAsync("/v1/chat/completions", body)).OpenAiErrorAsync(400,
            place.EndsWith("content[1].type", StringComparison.Ordinal) ? "unsupported_value" : "invalid_value");
        Assert.Equal(place, error.GetProperty("param").GetString());
        Assert.DoesNotContain("System.", error.GetProperty("message").GetString());
        Assert.DoesNotContain("PaliGguf.", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task What_is_not_asked_about_need_not_be_understood()
    {
        RunningServer server = await RunningServer.Shared;
        object[] messages =
        [
            new { role = "developer", content = "Answer briefly." },
            new { role = "user", content = new object[] { new { type = "input_audio", input_audio = new { data = "AA==" } } } },
            new { role = "assistant", content = (string?)null, tool_calls = Array.Empty<object>(), refusal = (string?)null },
            Samples.Ask(1, "caption en"),
        ];
        JsonElement answer = await (await server.PostAsync("/v1/chat/completions", new { messages })).JsonAsync();
        Assert.Equal("a turtle on an orange background",
            answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Fact]
    public async Task The_models_are_one()
    {
        OpenAIModelClient models = (await ClientAsync()).GetOpenAIModelClient();
        Assert.Equal("pali-nano", Assert.Single((await models.GetModelsAsync()).Value).Id);
        Assert.Equal("paligguf", (await models.GetModelAsync("pali-nano")).Value.OwnedBy);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => models.GetModelAsync("gpt/4"))).Status);
    }

    [Theory]
    [InlineData("model", "\"gpt-4\"", 404, "model_not_found", "model")]
    [InlineData("n", "2", 400, "unsupported_value", "n")]
    [InlineData("tools", """[{"type":"function","function":{"name":"f"}}]""", 400, "unsupported_value", "tools")]
    [InlineData("functions", """[{"name":"f"}]""", 400, "unsupported_value", "tools")]
    [InlineData("tool_choice", "\"required\"", 400, "unsupported_value", "tool_choice")]
    [InlineData("response_format", """{"type":"json_object"}""", 400, "unsupported_value", "response_format")]
    [InlineData("modalities", """["text","audio"]""", 400, "unsupported_value", "audio")]
    [InlineData("audio", """{"voice":"alloy","format":"wav"}""", 400, "unsupported_value", "audio")]
    [InlineData("frequency_penalty", "1", 400, "unsupported_value", "frequency_penalty")]
    [InlineData("presence_penalty", "-1", 400, "unsupported_value", "presence_penalty")]
    [InlineData("logit_bias", """{"5":1}""", 400, "unsupported_value", "logit_bias")]
    [InlineData("prediction", """{"type":"content","content":"a"}""", 400, "unsupported_value", "prediction")]
    [InlineData("reasoning_effort", "\"high\"", 400, "unsupported_value", "reasoning_effort")]
    [InlineData("web_search_options", """{"a":1}""", 400, "unsupported_value", "web_search_options")]
    [InlineData("stream_options", """{"include_usage":true}""", 400, "invalid_value", "stream_options")]
    [InlineData("top_logprobs", "3", 400, "invalid_value", "top_logprobs")]
    [InlineData("max_tokens", "0", 400, "invalid_value", "max_tokens")]
    [InlineData("max_tokens", "\"many\"", 400, "invalid_value", "max_tokens")]
    [InlineData("temperature", "3", 400, "invalid_value", "temperature")]
    [InlineData("top_p", "0", 400, "invalid_value", "top_p")]
    [InlineData("top_k", "-2", 400, "invalid_value", "top_k")]
    [InlineData("min_p", "1.5", 400, "invalid_value", "min_p")]
    [InlineData("repetition_penalty", "1.2", 400, "unsupported_value", "repetition_penalty")]
    [InlineData("best_of", "2", 400, "unsupported_value", "best_of")]
    [InlineData("ignore_eos", "true", 400, "unsupported_value", "ignore_eos")]
    [InlineData("guided_choice", """["a","b"]""", 400, "unsupported_value", "guided_choice")]
    [InlineData("grammar", "\"root ::= 'a'\"", 400, "unsupported_value", "grammar")]
    [InlineData("messages", "[]", 400, "invalid_value", "messages")]
    [InlineData("messages", """[{"role":"assistant","content":"a"}]""", 400, "invalid_value", "messages")]
    [InlineData("messages", """[{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}]""", 400, "unsupported_value", "messages")]
    [InlineData("messages", """[{"role":"user","content":[{"type":"image_url"}]}]""", 400, "invalid_value", "messages")]
    [InlineData("messages", """[{"role":"user","content":""}]""", 400, "invalid_value", "messages")]
    [InlineData("messages",
        """[{"role":"user","content":[{"type":"text","text":"caption en"},{"type":"image_url","image_url":{"url":"HTTPS://example.org/a.png"}}]}]""", 400, "unsupported_value", "messages[0].content[1].image_url.url")]
    [InlineData("messages",
        """[{"role":"user","content":[{"type":"text","text":"caption en"},{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}]}]""", 400, "invalid_value", "messages[0].content[1].image_url.url")]
    public async Task What_is_not_supported_is_said(string field, string value, int status, string code, string parameter)
    {
        RunningServer server = await RunningServer.Shared;
        Dictionary<string, object> request = new() { ["messages"] = new[] { new { role = "user", content = "caption en" } }, [field] = JsonDocument.Parse(value).RootElement };
        JsonElement error = await (await server.PostAsync("/v1/chat/completions", request)).OpenAiErrorAsync(status, code);
        Assert.StartsWith(parameter, error.GetProperty("param").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_picture_that_is_none_is_named_with_its_place()
    {
        RunningServer server = await RunningServer.Shared;
        object[] content = [new { type = "text", text = "caption en" }, Picture(Samples.DataUrl(1)),
            Picture("data:image/png;base64,aGVsbG8=")];
        JsonElement error = await (await server.PostAsync(
            "/v1/chat/completions", new { messages = new[] { new { role = "user", content } } }))
            .OpenAiErrorAsync(415, "unsupported_media_type");
        Assert.Equal("messages[0].content[2].image_url.url", error.GetProperty("param").GetString());
        Assert.StartsWith("messages[0].content[2].image_url.url: this is text, not an image", error.GetProperty("message").GetString());

        static object Picture(string url) => new { type = "image_url", image_url = new { url } };
    }

    [Fact]
    public async Task The_most_probable_token_alone_can_be_drawn_from()
    {
        RunningServer server = await RunningServer.Shared;
        object[] content = [new { type = "text", text = "caption en" },
            new { type = "image_url", image_url = new { url = Samples.DataUrl(1) } }];
        object[] messages = [new { role = "user", content }];
        foreach (object request in new object[] { new { messages, temperature = 2, top_k = 1 },
            new { messages, temperature = 2, min_p = 1 } })
        {
            JsonElement answer = await (await server.PostAsync("/v1/chat/completions", request)).JsonAsync();
            Assert.Equal("a turtle on an orange background",
                answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        }
    }

    [Fact]
    public async Task Harmless_fields_of_other_clients_are_let_through()
    {
        RunningServer server = await RunningServer.Shared;
        object request = new
        {
            model = "pali-nano",
            messages = new[] { new { role = "user", content = new object[] { new { type = "text", text = "caption en" }, new { type = "image_url", image_url = new { url = Samples.DataUrl(1), detail = "low" } } } } },
            n = 1,
            tools = Array.Empty<object>(),
            tool_choice = "none",
            response_format = new { type = "text" },
            modalities = new[] { "text" },
            logit_bias = new { },
            user = "somebody",
            store = false,
            frequency_penalty = 0,
            presence_penalty = 0.0,
            metadata = new { a = "b" },
            max_completion_tokens = 2,
            stream = false,
        };
        JsonElement answer = await (await server.PostAsync("/v1/chat/completions", request)).JsonAsync();
        JsonElement choice = Assert.Single(answer.GetProperty("choices").EnumerateArray());
        Assert.Equal("a turtle", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("logprobs").ValueKind);
        Assert.Equal("chat.completion", answer.GetProperty("object").GetString());
    }

    [Fact]
    public async Task A_stream_without_the_wish_for_it_has_no_usage_and_ends_with_done()
    {
        RunningServer server = await RunningServer.Shared;
        using HttpResponseMessage response =
            await server.PostAsync("/v1/chat/completions",
                new { stream = true, max_tokens = "2", messages = new[] { Samples.Ask(1, "caption en") } });
        List<ServerEvent> events = await response.EventsAsync().ToListAsync();
        Assert.Equal("[DONE]", events[^1].Data);
        Assert.All(events.SkipLast(1), sent => Assert.False(sent.Json.TryGetProperty("usage", out _)));
        Assert.Equal("length", events[^2].Json.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.All(events.SkipLast(2), sent => Assert.Equal(JsonValueKind.Null, sent.Json.GetProperty("choices")[0].GetProperty("finish_reason").ValueKind));
    }

    [Fact]
    public async Task A_stream_with_the_wish_for_it_has_null_in_all_pieces_but_the_last()
    {
        RunningServer server = await RunningServer.Shared;
        object request = new { stream = true, stream_options = new { include_usage = true },
            max_tokens = 2, messages = new[] { Samples.Ask(1, "caption en") } };
        using HttpResponseMessage response = await server.PostAsync("/v1/chat/completions", request);
        List<ServerEvent> events = await response.EventsAsync().ToListAsync();
        Assert.Equal("[DONE]", events[^1].Data);
        Assert.All(events.SkipLast(2), sent => Assert.Equal(JsonValueKind.Null, sent.Json.GetProperty("usage").ValueKind));
        Assert.Equal(70, events[^2].Json.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Empty(events[^2].Json.GetProperty("choices").EnumerateArray());
    }

    internal static OpenAIClient Client(RunningServer server, string key = "unused") =>
        new(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(server.Address, "/v1"), RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) });

    private static async Task<OpenAIClient> ClientAsync() => Client(await RunningServer.Shared);

    private static async Task<ChatClient> ChatAsync() => (await ClientAsync()).GetChatClient("pali-nano");

    internal static UserChatMessage Ask(string prompt, params int[] scenes) =>
        new([ChatMessageContentPart.CreateTextPart(prompt), .. scenes.Select(scene => ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(Samples.File(scene)), "image/png"))]);
}
