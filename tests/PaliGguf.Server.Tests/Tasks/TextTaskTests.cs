using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace PaliGguf.Server.Tests.Tasks;

public sealed class TextTaskTests
{
    [Fact]
    public async Task A_caption_of_a_file_in_a_form()
    {
        RunningServer server = await RunningServer.Shared;
        JsonElement answer = await (await server.SendAsync("/api/caption", Samples.Form(1))).JsonAsync();
        Assert.Equal("a turtle on an orange background", answer.GetProperty("text").GetString());
        Assert.Equal("stop", answer.GetProperty("finishReason").GetString());
        Assert.Equal(68, answer.GetProperty("prefixTokens").GetInt32());
        Assert.Equal(answer.GetProperty("tokens").GetArrayLength(), answer.GetProperty("logprobs").GetArrayLength());
        Assert.True(answer.GetProperty("timings").GetProperty("prefixMs").GetDouble() > 0);
    }

    [Fact]
    public async Task A_picture_may_be_base64_a_data_URL_or_the_body_itself()
    {
        RunningServer server = await RunningServer.Shared;
        const string Expected = "a turtle on an orange background";
        Assert.Equal(Expected, await server.TextAsync("/api/caption", new { image = Samples.Base64(1) }));
        Assert.Equal(Expected, await server.TextAsync("/api/caption", new { image = Samples.DataUrl(1) }));
        Assert.Equal(Expected,
            await server.TextAsync("/api/caption",
                new { image = "DATA:;BASE64," + Samples.Base64(1).TrimEnd('=').Replace('+', '-').Replace('/', '_') }));
        foreach (string? type in new[] { "image/png", "application/octet-stream", null })
        {
            using ByteArrayContent body = new(Samples.File(1));
            body.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
            Assert.Equal(Samples.Golden(1, "caption th"),
                (await (await server.SendAsync("/api/caption?language=th", body)).JsonAsync()).GetProperty("text").GetString());
        }
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", 415, "application/octet-stream (curl -H 'Content-Type: image/jpeg'")]
    [InlineData("text/plain", 415, "A body of the type 'text/plain' is not read here: send application/json, multipart/form-data")]
    [InlineData("multipart/form-data", 415, "without a boundary")]
    [InlineData("application/json", 400, "The body is not JSON: line 1")]
    public async Task A_body_of_a_type_that_is_not_read_is_told_which_are(string type, int status, string expected)
    {
        RunningServer server = await RunningServer.Shared;
        using ByteArrayContent body = new(Samples.File(1));
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        JsonElement problem =
            await (await server.SendAsync("/api/caption", body)).ProblemAsync(status,
                status == 415 ? "unsupported_media_type" : "malformed_body");
        Assert.Contains(expected, problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/octet-stream")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task A_body_that_is_empty_is_said_to_be(string? type)
    {
        RunningServer server = await RunningServer.Shared;
        foreach (string path in new[] { "/api/caption", "/api/pictures" })
        {
            using ByteArrayContent body = new([]);
            body.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
            Assert.Contains("body is empty",
                (await (await server.SendAsync(path, body)).ProblemAsync(400, "malformed_body")).GetProperty("detail").GetString());
        }

        using ByteArrayContent chat = new([]);
        chat.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        Assert.Contains("body is empty",
            (await (await server.SendAsync("/v1/chat/completions", chat)).OpenAiErrorAsync(400, "malformed_body")).GetProperty("message")
                .GetString());
    }

    [Fact]
    public async Task A_file_may_begin_with_a_byte_order_mark()
    {
        RunningServer server = await RunningServer.Shared;
        using StringContent body = new("\uFEFF{\"image\":\"" + Samples.Base64(1) + "\"}", new MediaTypeHeaderValue("application/json"));
        Assert.Equal("a turtle on an orange background",
            (await (await server.SendAsync("/api/caption", body)).JsonAsync()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_file_of_two_bytes_a_character_is_told_as_such()
    {
        RunningServer server = await RunningServer.Shared;
        foreach (Encoding encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 })
        {
            foreach (byte[] mark in new[] { encoding.GetPreamble(), [] })
            {
                using ByteArrayContent body = new([.. mark, .. encoding.GetBytes("{\"prompt\":\"caption en\"}")]);
                body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                Assert.Equal("The body is UTF-16 or UTF-32: JSON is sent as UTF-8.",
                    (await (await server.SendAsync("/api/generate", body)).ProblemAsync(400, "malformed_body")).GetProperty("detail")
                        .GetString());
            }
        }
    }

    [Fact]
    public async Task Fields_may_stand_in_the_query_beside_every_kind_of_body_but_not_twice()
    {
        RunningServer server = await RunningServer.Shared;
        string expected = Samples.Golden(1, "caption th");
        Assert.Equal(expected, await server.TextAsync("/api/caption?language=th", new { image = Samples.Base64(1) }));
        Assert.Equal(expected,
            (await (await server.SendAsync("/api/caption?language=th", Samples.Form(1))).JsonAsync()).GetProperty("text").GetString());
        JsonElement twice = await (await server.PostAsync("/api/caption?language=th", new { image = Samples.Base64(1), language = "en" }))
            .ProblemAsync(400, "invalid_value");
        Assert.Equal("language is given twice.", twice.GetProperty("detail").GetString());
        await (await server.PostAsync("/api/caption?langauge=th", new { image = Samples.Base64(1) })).ProblemAsync(400, "invalid_value");
    }

    [Theory]
    [InlineData("/api/caption", """{"image":"aGVsbG8="}""", "image")]
    [InlineData("/api/generate", """{"images":["IMAGE","aGVsbG8="],"prompt":"caption en"}""", "images[1]")]
    public async Task A_picture_that_is_none_is_named_with_its_place(string path, string json, string place)
    {
        RunningServer server = await RunningServer.Shared;
        using StringContent body =
            new(json.Replace("IMAGE", Samples.Base64(1), StringComparison.Ordinal), new MediaTypeHeaderValue("application/json"));
        JsonElement problem = await (await server.SendAsync(path, body)).ProblemAsync(415, "unsupported_media_type");
        Assert.Equal(place, problem.GetProperty("parameter").GetString());
        Assert.StartsWith($"{place}: this is text, not an image", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_list_of_pictures_may_be_the_text_of_one()
    {
        RunningServer server = await RunningServer.Shared;
        string images = JsonSerializer.Serialize(new[] { Samples.Base64(1), Samples.DataUrl(2) });
        JsonElement answer = await (await server.PostAsync("/api/generate", new { images, prompt = "caption en" })).JsonAsync();
        Assert.Equal(132, answer.GetProperty("prefixTokens").GetInt32());
        JsonElement problem = await (await server.PostAsync("/api/generate", new { images = "[x", prompt = "caption en" }))
            .ProblemAsync(400, "invalid_value");
        Assert.Equal("images: expected a picture, or a list of pictures, found a text that is no list.",
            problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("thai")]
    [InlineData("TH")]
    [InlineData("th-TH")]
    public async Task A_language_may_be_a_name_or_a_tag(string language)
    {
        RunningServer server = await RunningServer.Shared;
        Assert.Equal(Samples.Golden(1, "caption th"), await server.TextAsync("/api/caption", new { image = Samples.Base64(1), language }));
    }

    [Fact]
    public async Task Any_prompt_may_be_about_several_pictures()
    {
        RunningServer server = await RunningServer.Shared;
        string[] ids = [];
        foreach (int scene in new[] { 1, 2 })
        {
            ids =
                [.. ids,
                    (await (await server.SendAsync("/api/pictures", Samples.Form(scene))).JsonAsync()).GetProperty("picture").GetString()!];
        }

        MultipartFormDataContent form = Samples.Form(1, ("prompt", "caption en"));
        form.Add(new ByteArrayContent(Samples.File(2)), "image", "second.png");
        JsonElement[] answers =
        [
            await (await server.PostAsync("/v1/chat/completions",
                new { messages = new[] { new { role = "user",
                    content = new object[] { new { type = "text", text = "caption en" }, Picture(1), Picture(2) } } } })).JsonAsync(),
            await (await server.SendAsync("/api/generate", form)).JsonAsync(),
            await (await server.PostAsync("/api/generate",
                new { images = new[] { Samples.Base64(1), Samples.DataUrl(2) }, prompt = "caption en" })).JsonAsync(),
            await (await server.PostAsync("/api/generate", new { pictures = ids, prompt = "caption en" })).JsonAsync(),
        ];
        string expected = answers[0].GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        Assert.All(answers[1..],
            answer =>
                Assert.Equal((expected, 132), (answer.GetProperty("text").GetString(), answer.GetProperty("prefixTokens").GetInt32())));
        // In their order.
        Assert.NotEqual(expected,
            await server.TextAsync("/api/generate",
                new { images = new[] { Samples.Base64(2), Samples.Base64(1) }, prompt = "caption en" }));
        await (await server.PostAsync("/api/generate",
            new { images = Enumerable.Repeat(Samples.Base64(1), 65), prompt = "caption en" })).ProblemAsync(400, "invalid_value");

        MultipartFormDataContent two = Samples.Form(1);
        two.Add(new ByteArrayContent(Samples.File(2)), "image", "second.png");
        Assert.Contains("/api/generate takes several",
            (await (await server.SendAsync("/api/caption", two)).ProblemAsync(400, "invalid_value")).GetProperty("detail").GetString());

        static object Picture(int scene) => new { type = "image_url", image_url = new { url = Samples.DataUrl(scene) } };
    }

    [Fact]
    public async Task Numbers_and_lists_may_be_texts()
    {
        RunningServer server = await RunningServer.Shared;
        Assert.Equal("a turtle on an ",
            await server.TextAsync("/api/caption",
                new { image = Samples.Base64(1), maxTokens = "9", temperature = "0", ignoreEos = "true", stop = "[\"no\", \"orange\"]" }));
    }

    [Fact]
    public async Task A_search_over_beams_answers_as_well()
    {
        RunningServer server = await RunningServer.Shared;
        Assert.Equal("orange", await server.TextAsync("/api/answer", new { image = Samples.Base64(1), question = "what color is the background?", beams = 17, maxTokens = 8 }));
    }

    [Fact]
    public async Task A_language_is_a_field_of_the_form_too()
    {
        RunningServer server = await RunningServer.Shared;
        JsonElement answer = await (await server.SendAsync("/api/caption", Samples.Form(1, ("language", "th")))).JsonAsync();
        Assert.Equal(Samples.Golden(1, "caption th"), answer.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Each_task_answers_as_the_reference_does()
    {
        RunningServer server = await RunningServer.Shared;
        (int scene, string text) = Samples.First("ocr");
        Assert.Equal(Samples.Golden(1, "describe en"), await server.TextAsync("/api/describe", new { image = Samples.Base64(1) }));
        Assert.Equal("orange", await server.TextAsync("/api/answer", new { image = Samples.Base64(1), question = "what color is the background?" }));
        Assert.Equal(text, await server.TextAsync("/api/ocr", new { image = Samples.Base64(scene) }));
        Assert.Equal("orange", await server.TextAsync("/api/generate", new { image = Samples.Base64(1), prompt = "answer en what color is the background?" }));
    }

    [Fact]
    public async Task A_stream_has_the_tokens_and_ends_with_the_whole_answer()
    {
        RunningServer server = await RunningServer.Shared;
        using HttpResponseMessage response = await server.PostAsync("/api/caption", new { image = Samples.Base64(1) }, ("Accept", "text/event-stream"));
        List<ServerEvent> events = await response.EventsAsync().ToListAsync();
        Assert.All(events.SkipLast(1), sent => Assert.Equal("token", sent.Name));
        Assert.Equal("result", events[^1].Name);
        Assert.Equal("a turtle on an orange background", string.Concat(events.SkipLast(1).Select(sent => sent.Json.GetProperty("text").GetString())));
        Assert.Equal("a turtle on an orange background", events[^1].Json.GetProperty("text").GetString());
        Assert.Equal(
            events[^1].Json.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32()), events.SkipLast(1).Select(sent => sent.Json.GetProperty("id").GetInt32()));
    }

    [Fact]
    public async Task A_refused_stream_is_an_ordinary_error()
    {
        RunningServer server = await RunningServer.Shared;
        using HttpResponseMessage response = await server.PostAsync("/api/caption", new { image = Samples.Base64(1), temperature = -1 }, ("Accept", "text/event-stream"));
        await response.ProblemAsync(422, "invalid_request");
    }

    [Fact]
    public async Task The_longest_answer_and_stop_texts_end_it()
    {
        RunningServer server = await RunningServer.Shared;
        JsonElement cut = await (await server.PostAsync("/api/caption", new { image = Samples.Base64(1), maxTokens = 2 })).JsonAsync();
        Assert.Equal("a turtle", cut.GetProperty("text").GetString());
        Assert.Equal("length", cut.GetProperty("finishReason").GetString());
        Assert.Equal("a turtle on an ", await server.TextAsync("/api/caption", new { image = Samples.Base64(1), stop = new[] { "orange" } }));
        Assert.Equal("a turtle on an ", await server.TextAsync("/api/caption", new { image = Samples.Base64(1), stop = "orange" }));
    }

    [Fact]
    public async Task Fields_of_a_form_are_of_the_types_that_they_have_in_JSON()
    {
        RunningServer server = await RunningServer.Shared;
        JsonElement cut = await (await server.SendAsync("/api/caption", Samples.Form(1, ("maxTokens", "9"), ("ignoreEos", "true"), ("temperature", "0.0"), ("stop", "no"), ("stop", "orange")))).JsonAsync();
        Assert.Equal("a turtle on an ", cut.GetProperty("text").GetString());
        foreach ((string field, string value) in new[] { ("maxTokens", "nine"), ("maxTokens", "1e99"), ("temperature", "NaN"), ("ignoreEos", "perhaps"), ("seed", "") })
        {
            JsonElement problem = await (await server.SendAsync("/api/caption", Samples.Form(1, (field, value)))).ProblemAsync(400, "invalid_value");
            Assert.Equal(field, problem.GetProperty("parameter").GetString());
        }
    }

    [Fact]
    public async Task A_seed_makes_drawing_repeatable()
    {
        // Beside other requests, the last bits of the logits depend on what else is in the batch.
        await using RunningServer server = await RunningServer.StartAsync(options => options with { ModelOptions = options.ModelOptions with { Sequences = 1 } });
        Task<string> Draw(int seed) => server.TextAsync("/api/generate", new { image = Samples.Base64(1), prompt = "describe en", temperature = 2.5, topK = 50, maxTokens = 12, seed });
        Assert.Equal(await Draw(7), await Draw(7));
        Assert.NotEqual(await Draw(7), await Draw(8));
    }

    [Theory]
    [InlineData("caption", """{}""", 400, "invalid_value", "image")]
    [InlineData("caption", """{"image":"IMAGE","picture":"abc"}""", 400, "invalid_value", "picture")]
    [InlineData("caption", """{"image":"not base64!"}""", 400, "invalid_value", "image")]
    [InlineData("caption", """{"image":"data:image/png,abc"}""", 400, "invalid_value", "image")]
    [InlineData("caption", """{"image":7}""", 400, "invalid_value", "image")]
    [InlineData("caption", """{"image":"IMAGE","colour":"red"}""", 400, "invalid_value", "colour")]
    [InlineData("caption", """{"image":"IMAGE","maxTokens":"many"}""", 400, "invalid_value", "maxTokens")]
    [InlineData("caption", """{"image":"IMAGE","maxTokens":1.5}""", 400, "invalid_value", "maxTokens")]
    [InlineData("caption", """{"image":"IMAGE","maxTokens":0}""", 422, "invalid_request", null)]
    [InlineData("caption", """{"image":"IMAGE","topP":0}""", 422, "invalid_request", null)]
    [InlineData("caption", """{"image":"IMAGE","beams":-1}""", 400, "invalid_value", "beams")]
    [InlineData("caption", """{"image":"IMAGE","beams":18,"maxTokens":1}""", 400, "invalid_value", "beams")]
    [InlineData("caption", """{"image":"IMAGE","beams":2,"temperature":1}""", 422, "invalid_request", null)]
    [InlineData("caption", """{"image":"IMAGE","language":"no such language"}""", 400, "invalid_value", "language")]
    [InlineData("caption", """{"image":"IMAGE","language":"xx"}""", 400, "invalid_value", "language")]
    [InlineData("caption", """{"image":"IMAGE","language":""}""", 400, "invalid_value", "language")]
    [InlineData("caption", """{"image":"file:///etc/passwd"}""", 400, "invalid_value", "image")]
    [InlineData("caption", """{"image":{"url":"IMAGE"}}""", 400, "invalid_value", "image")]
    [InlineData("caption", """{"image":["IMAGE","IMAGE"]}""", 400, "invalid_value", "image")]
    [InlineData("caption", """{"images":["IMAGE"]}""", 400, "invalid_value", "images")]
    [InlineData("generate", """{"images":["IMAGE",7],"prompt":""}""", 400, "invalid_value", "images[1]")]
    [InlineData("generate", """{"prompt":"caption en"}""", 400, "invalid_value", "image")]
    [InlineData("caption", """{"image":"IMAGE","stop":{"a":1}}""", 400, "invalid_value", "stop")]
    [InlineData("caption", """{"image":"IMAGE","adapters":["none"]}""", 400, "invalid_value", "adapters")]
    [InlineData("caption", """{"image":"IMAGE","stop":[""]}""", 400, "invalid_value", "stop")]
    [InlineData("caption", """{"image":"IMAGE","stop":["a",1]}""", 400, "invalid_value", "stop[1]")]
    [InlineData("answer", """{"image":"IMAGE"}""", 400, "invalid_value", "question")]
    [InlineData("answer", """{"image":"IMAGE","question":" "}""", 400, "invalid_value", "question")]
    [InlineData("generate", """{"image":"IMAGE"}""", 400, "invalid_value", "prompt")]
    [InlineData("caption", """{"image":"aGVsbG8gd29ybGQ="}""", 415, "unsupported_media_type", "image")]
    [InlineData("caption", """{"image":"iVBORw0KGgo="}""", 422, "invalid_picture", "image")]
    [InlineData("caption", """[]""", 400, "malformed_body", null)]
    [InlineData("caption", """null""", 400, "malformed_body", null)]
    [InlineData("caption", """{"image":""", 400, "malformed_body", null)]
    [InlineData("caption", """{"image":"IMAGE","image":"IMAGE"}""", 400, "invalid_value", "image")]
    [InlineData("caption", """{"image":"IMAGE","language":"\ud800"}""", 400, "invalid_value", "language")]
    public async Task What_is_wrong_is_named(string task, string json, int status, string code, string? parameter)
    {
        RunningServer server = await RunningServer.Shared;
        using StringContent body = new(json.Replace("IMAGE", Samples.Base64(1), StringComparison.Ordinal), new MediaTypeHeaderValue("application/json"));
        JsonElement problem = await (await server.SendAsync($"/api/{task}", body)).ProblemAsync(status, code);
        Assert.Equal(parameter, problem.TryGetProperty("parameter", out JsonElement named) ? named.GetString() : null);
    }

    [Fact]
    public async Task A_prompt_that_does_not_fit_the_context_is_refused()
    {
        RunningServer server = await RunningServer.Shared;
        string prompt = string.Concat(Enumerable.Repeat("a turtle ", 2000));
        JsonElement problem = await (await server.PostAsync("/api/generate", new { image = Samples.Base64(1), prompt })).ProblemAsync(422, "context_length_exceeded");
        Assert.Contains("shorter prompt", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_text_beyond_all_measure_is_not_even_tokenized()
    {
        RunningServer server = await RunningServer.Shared;
        await (await server.PostAsync("/api/generate", new { image = Samples.Base64(1), prompt = new string('a', 1_000_000) })).ProblemAsync(400, "invalid_value");
    }
}
