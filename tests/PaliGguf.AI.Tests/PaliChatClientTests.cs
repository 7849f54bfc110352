using Microsoft.Extensions.AI;
using PaliGguf.Imaging;
using PaliGguf.Language;
using PaliGguf.Tests;

namespace PaliGguf.AI.Tests;

public sealed class PaliChatClientTests(LoadedNano nano) : IClassFixture<LoadedNano>
{
    private static readonly NanoAnswer[] Goldens = [.. PaliNanoGoldens.Load().Where(golden => !golden.HasBoxes)];
    private readonly PaliModel _model = nano.Model;
    private readonly PaliChatClient _client = nano.Client;

    [Fact]
    public async Task The_answer_is_the_models_own()
    {
        foreach (NanoAnswer golden in Goldens.Take(6))
        {
            GenerationResult own = await _model.AnswerAsync(golden.Prompt, golden.Image);
            ChatResponse response = await _client.GetResponseAsync(NanoModel.Ask(golden.Prompt, golden.Image));
            Assert.Equal(own.Text, response.Text);
            Assert.Equal(own.Tokens, Assert.IsType<GenerationResult>(response.RawRepresentation).Tokens);
        }
    }

    [Fact]
    public async Task A_response_tells_what_was_used_and_why_it_ended()
    {
        DateTimeOffset before = DateTimeOffset.UtcNow;
        ChatResponse response = await _client.GetResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle));
        GenerationResult result = Assert.IsType<GenerationResult>(response.RawRepresentation);
        Assert.Equal(ChatRole.Assistant, Assert.Single(response.Messages).Role);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.True(result.PrefixTokens > _model.Info.ImageTokens);
        Assert.Equal((result.PrefixTokens, result.Tokens.Count), (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount));
        Assert.Equal(response.Usage.InputTokenCount + response.Usage.OutputTokenCount, response.Usage.TotalTokenCount);
        Assert.Equal(_model.Info.Name, response.ModelId);
        Assert.InRange(response.CreatedAt!.Value, before, DateTimeOffset.UtcNow);
        Assert.NotEqual(response.ResponseId, (await _client.GetResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle))).ResponseId);
        Assert.Equal(result.Timings.Prefix.TotalMilliseconds, response.AdditionalProperties!["prefixMs"]);
        Assert.Equal(["decodeMs", "decodeTokensPerSecond", "nativeMs", "picturesCached", "prefixMs", "visionMs"], response.AdditionalProperties.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Streamed_updates_add_up_to_the_response()
    {
        ChatMessage message = NanoModel.Ask("describe en", NanoModel.Turtle);
        ChatResponse whole = await _client.GetResponseAsync(message);
        List<ChatResponseUpdate> updates = await _client.GetStreamingResponseAsync([message]).ToListAsync();
        Assert.True(updates.Count > 5, $"{updates.Count} updates");
        Assert.Equal(whole.Text, string.Concat(updates.Select(update => update.Text)));
        Assert.All(updates.SkipLast(1), update => Assert.IsType<GeneratedToken>(update.RawRepresentation));
        Assert.All(updates.SkipLast(1), update => Assert.Null(update.FinishReason));
        Assert.Single(updates.Select(update => update.ResponseId).Distinct());

        ChatResponse streamed = updates.ToChatResponse();
        Assert.Equal(whole.Text, Assert.Single(streamed.Messages).Text);
        Assert.Equal((whole.FinishReason, whole.ModelId), (streamed.FinishReason, streamed.ModelId));
        Assert.Equal((whole.Usage!.InputTokenCount, whole.Usage.OutputTokenCount), (streamed.Usage!.InputTokenCount, streamed.Usage.OutputTokenCount));
        Assert.Equal(((GenerationResult)whole.RawRepresentation!).Tokens, Assert.IsType<GenerationResult>(updates[^1].RawRepresentation).Tokens);
        Assert.True(updates[^1].AdditionalProperties!.ContainsKey("decodeMs"));
    }

    [Fact]
    public async Task A_picture_may_be_a_data_uri()
    {
        string base64 = Convert.ToBase64String(await File.ReadAllBytesAsync(NanoModel.Turtle)), uri = "data:image/png;base64," + base64;
        string forUrls = "DATA:image/png;BASE64," + base64.TrimEnd('=').Replace('+', '-').Replace('/', '_'),
            escaped = "data:image/png;base64," + Uri.EscapeDataString(base64);
        foreach (AIContent picture in new AIContent[] { new DataContent(uri),
            new UriContent(uri, "image/png"), new UriContent(forUrls, "image/png"), new UriContent(escaped, "application/octet-stream") })
        {
            ChatResponse response = await _client.GetResponseAsync(new ChatMessage(ChatRole.User, [new TextContent("caption en"), picture]));
            Assert.Equal("a turtle on an orange background", response.Text);
        }
    }

    [Fact]
    public async Task A_picture_of_no_particular_type_is_told_by_its_bytes()
    {
        byte[] file = await File.ReadAllBytesAsync(NanoModel.Turtle);
        DataContent loaded = await DataContent.LoadFromAsync(new MemoryStream(file));
        Assert.Equal("application/octet-stream", loaded.MediaType);
        DataContent uploaded = new(file, "application/octet-stream") { Name = "photo.upload" };
        foreach (DataContent picture in new[] { loaded, uploaded, new DataContent(file, "text/plain") })
        {
            ChatResponse response =
                await _client.GetResponseAsync(new ChatMessage(ChatRole.User, [picture, new TextContent("caption en")]));
            Assert.Equal("a turtle on an orange background", response.Text);
        }
    }

    [Fact]
    public async Task Texts_of_a_message_are_joined_as_they_are_over_HTTP()
    {
        ChatMessage message = NanoModel.Ask("answer en", NanoModel.Turtle);
        message.Contents.Insert(0, new TextContent(""));
        message.Contents.Add(new TextContent("is there a turtle?\n"));
        GenerationResult own = await _model.AnswerAsync("answer en\nis there a turtle?", NanoModel.Turtle);
        Assert.Equal(own.Tokens, ((GenerationResult)(await _client.GetResponseAsync(message)).RawRepresentation!).Tokens);
    }

    [Fact]
    public async Task A_picture_needs_no_text()
    {
        GenerationResult own = await _model.AnswerAsync("", NanoModel.Turtle);
        foreach (ChatMessage message in new[] { NanoModel.Ask(" \n ", NanoModel.Turtle),
            new ChatMessage(ChatRole.User, [new DataContent(await File.ReadAllBytesAsync(NanoModel.Turtle), "image/png")]) })
        {
            Assert.Equal(own.Tokens, ((GenerationResult)(await _client.GetResponseAsync(message)).RawRepresentation!).Tokens);
        }
    }

    [Fact]
    public async Task A_text_needs_no_picture_where_that_is_allowed()
    {
        using PaliChatClient client = new(_model, allowTextOnly: true);
        GenerationResult own = await _model.AnswerAsync("caption en");
        Assert.Equal(own.Tokens, ((GenerationResult)(await client.GetResponseAsync("caption en")).RawRepresentation!).Tokens);
    }

    [Fact]
    public async Task Several_pictures_are_seen_in_their_order()
    {
        string other = NanoModel.Sample("scene_02");
        GenerationResult own = await _model.AnswerAsync("caption en", NanoModel.Turtle, other);
        GenerationResult result = (GenerationResult)(await _client.GetResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle, other))).RawRepresentation!;
        Assert.Equal(own.Tokens, result.Tokens);
        Assert.True(result.PrefixTokens > 2 * _model.Info.ImageTokens);
    }

    [Fact]
    public async Task A_further_question_is_about_the_last_pictures()
    {
        ChatMessage[] conversation =
        [
            NanoModel.Ask("caption en", NanoModel.Sample("scene_02")),
            new(ChatRole.Assistant, "two bananas on a blue background"),
            NanoModel.Ask("caption en", NanoModel.Turtle),
            new(ChatRole.Assistant, "a turtle on an orange background"),
            NanoModel.Ask("answer en what color is the background?"),
        ];
        ChatResponse response = await _client.GetResponseAsync(conversation);
        Assert.Equal("orange", response.Text);
        Assert.Equal((await _model.AnswerAsync("answer en what color is the background?", NanoModel.Turtle)).PrefixTokens, response.Usage!.InputTokenCount);
    }

    [Fact]
    public async Task A_picture_that_somebody_else_brought_is_the_latest_one_too()
    {
        ChatMessage[] conversation =
        [
            NanoModel.Ask("caption en", NanoModel.Sample("scene_02")),
            new(ChatRole.Assistant, [new FunctionCallContent("1", "camera")]),
            new(ChatRole.Tool,
                [new FunctionResultContent("1", "done"), new DataContent(await File.ReadAllBytesAsync(NanoModel.Turtle), "image/png")]),
            NanoModel.Ask("answer en what color is the background?"),
        ];
        Assert.Equal("orange", (await _client.GetResponseAsync(conversation)).Text);
    }

    [Fact]
    public async Task The_longest_answer_cuts()
    {
        ChatResponse response = await _client.GetResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle), new ChatOptions { MaxOutputTokens = 3 });
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal(3, response.Usage!.OutputTokenCount);
        Assert.StartsWith(response.Text, "a turtle on an orange background");
    }

    [Fact]
    public async Task A_stop_text_ends_the_answer_before_it()
    {
        ChatResponse response = await _client.GetResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle), new ChatOptions { StopSequences = ["orange"] });
        Assert.Equal("a turtle on an ", response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task Drawing_is_the_models_with_the_same_settings()
    {
        SamplingOptions sampling = new() { Temperature = 2.5f, TopK = 50, TopP = 0.95f, Seed = 7 };
        ChatOptions options = new() { Temperature = 2.5f, TopK = 50, TopP = 0.95f, Seed = 7, MaxOutputTokens = 24 };
        GenerationRequest own = new() { Prompt = "describe en", Images = [ImageFile.Load(NanoModel.Turtle)], Sampling = sampling, MaxTokens = 24 };
        string drawn = (await _client.GetResponseAsync(NanoModel.Ask("describe en", NanoModel.Turtle), options)).Text;
        Assert.Equal((await _model.GenerateAsync(own).Result).Text, drawn);
        options.Seed = 8;
        Assert.NotEqual(drawn, (await _client.GetResponseAsync(NanoModel.Ask("describe en", NanoModel.Turtle), options)).Text);
    }

    [Fact]
    public async Task A_raw_request_sets_what_has_no_name_in_the_options()
    {
        ChatOptions options = new() { MaxOutputTokens = 5, RawRepresentationFactory = _ => new GenerationRequest { Prompt = "", IgnoreEos = true, MaxTokens = 12 } };
        GenerationResult result = (GenerationResult)(await _client.GetResponseAsync(NanoModel.Ask("answer en is there a turtle?", NanoModel.Turtle), options)).RawRepresentation!;
        Assert.Equal(5, result.Tokens.Count);
        options.MaxOutputTokens = null;
        result = (GenerationResult)(await _client.GetResponseAsync(NanoModel.Ask("answer en is there a turtle?", NanoModel.Turtle), options)).RawRepresentation!;
        Assert.Equal(12, result.Tokens.Count);
    }

    [Fact]
    public async Task A_cancelled_answer_throws_and_the_next_one_works()
    {
        using CancellationTokenSource cancellation = new();
        ChatOptions endless = new() { MaxOutputTokens = 3000, RawRepresentationFactory = _ => new GenerationRequest { Prompt = "", IgnoreEos = true } };
        ChatMessage message = NanoModel.Ask("caption en", NanoModel.Turtle);
        int seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChatResponseUpdate update in _client.GetStreamingResponseAsync([message], endless, cancellation.Token))
            {
                if (++seen == 4) await cancellation.CancelAsync();
            }
        });
        Assert.InRange(seen, 4, 2900);

        using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(20));
        OperationCanceledException thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.GetResponseAsync(message, endless, soon.Token));
        Assert.Equal(soon.Token, thrown.CancellationToken);
        Assert.Equal("a turtle on an orange background", (await _client.GetResponseAsync(message, cancellationToken: CancellationToken.None)).Text);
    }

    [Fact]
    public async Task Leaving_the_stream_early_ends_the_answer()
    {
        ChatOptions endless = new() { MaxOutputTokens = 3000, RawRepresentationFactory = _ => new GenerationRequest { Prompt = "", IgnoreEos = true } };
        for (int round = 0; round < 6; round++)
        {
            await foreach (ChatResponseUpdate update in _client.GetStreamingResponseAsync([NanoModel.Ask("caption en", NanoModel.Turtle)], endless)) break;
        }

        // Answers that went on would hold the three sequences, at 3000 tokens each.
        Assert.Equal("a turtle on an orange background", (await _client.GetResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle))).Text);
    }

    [Fact]
    public async Task Eight_callers_at_once_get_the_texts_that_one_alone_gets()
    {
        NanoAnswer[] questions = [.. Goldens.Take(16)];
        string[] alone = new string[questions.Length], together = new string[questions.Length];
        for (int index = 0; index < alone.Length; index++) alone[index] = (await _model.AnswerAsync(questions[index].Prompt, questions[index].Image)).Text;
        await Parallel.ForAsync(0, questions.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (index, cancellationToken) =>
        {
            ChatMessage message = NanoModel.Ask(questions[index].Prompt, questions[index].Image);
            together[index] = index % 2 == 0
                ? (await _client.GetResponseAsync(message, cancellationToken: cancellationToken)).Text
                : (await _client.GetStreamingResponseAsync([message], cancellationToken: cancellationToken).ToChatResponseAsync(cancellationToken)).Text;
        });
        Assert.Equal(alone, together);
    }

    [Fact]
    public async Task A_client_around_the_client_sees_all_that_passes()
    {
        using Counting counting = new(_client);
        ChatMessage message = NanoModel.Ask("caption en", NanoModel.Turtle);
        Assert.Equal("a turtle on an orange background", (await counting.GetResponseAsync(message)).Text);
        await foreach (ChatResponseUpdate update in counting.GetStreamingResponseAsync([message]))
        {
        }

        Assert.Equal(2 * (await _model.AnswerAsync("caption en", NanoModel.Turtle)).Tokens.Count, counting.Tokens);
        Assert.Same(_model, counting.GetService<PaliModel>());
    }

    [Fact]
    public void Services_are_the_metadata_the_model_and_the_client()
    {
        ChatClientMetadata metadata = _client.GetService<ChatClientMetadata>()!;
        Assert.Equal(("paligguf", _model.Info.Name), (metadata.ProviderName, metadata.DefaultModelId));
        Assert.Same(_model, _client.GetService<PaliModel>());
        Assert.Same(_client, _client.GetService<IChatClient>());
        Assert.Same(_client, _client.GetService<PaliChatClient>());
        Assert.Null(_client.GetService<string>());
        Assert.Null(_client.GetService(typeof(PaliModel), "key"));
    }

    [Fact]
    public async Task A_model_id_that_is_asked_for_must_be_the_clients()
    {
        using PaliChatClient named = new(_model, modelId: "sight");
        ChatMessage message = NanoModel.Ask("caption en", NanoModel.Turtle);
        Assert.Equal("sight", (await named.GetResponseAsync(message, new ChatOptions { ModelId = "sight" })).ModelId);
        ArgumentException thrown = await Assert.ThrowsAsync<ArgumentException>(() => named.GetResponseAsync(message, new ChatOptions { ModelId = "gpt" }));
        Assert.Contains("'gpt' is asked for, and this client has 'sight'", thrown.Message);
    }

    [Fact]
    public async Task A_model_is_disposed_with_its_client_only_if_that_owns_it()
    {
        _client.Dispose();
        Assert.Equal("orange", (await _client.GetResponseAsync(NanoModel.Ask("answer en what color is the background?", NanoModel.Turtle))).Text);

        PaliModel model = await NanoModel.LoadAsync();
        PaliChatClient owner = new(model, ownsModel: true);
        owner.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => owner.GetResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle)));
    }

    /// <summary>Counts the tokens of all answers, as a program would that bills them.</summary>
    private sealed class Counting(IChatClient inner) : DelegatingChatClient(inner)
    {
        public long Tokens { get; private set; }

        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            ChatResponse response = await base.GetResponseAsync(messages, options, cancellationToken);
            Tokens += response.Usage!.OutputTokenCount!.Value;
            return response;
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (ChatResponseUpdate update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                Tokens += update.Contents.OfType<UsageContent>().Sum(usage => usage.Details.OutputTokenCount!.Value);
                yield return update;
            }
        }
    }
}
