using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using System.Text.RegularExpressions;
using PaliGguf.Tests;
using Xunit.Abstractions;

namespace PaliGguf.Server.Tests.Work;

/// <summary>
/// Many clients at once. PALIGGUF_LOAD_SECONDS makes the run longer: for 30 seconds and more, the memory is watched as well, which needs a
/// process without other tests (dotnet test --filter Work.LoadTests). PALIGGUF_LOAD_MODEL names the folder of another type of the model.
/// </summary>
public sealed partial class LoadTests(ITestOutputHelper output)
{
    private const int Clients = 50;
    private const double WatchedSeconds = 30;

    /// <summary>What is in each of the first scenes.</summary>
    private static readonly string[] Things = ["turtle", "banana", "clock", "lion", "key", "boat"];

    private static readonly double Seconds = double.Parse(Environment.GetEnvironmentVariable("PALIGGUF_LOAD_SECONDS") ?? "4", CultureInfo.InvariantCulture);

    private static readonly string Model = Environment.GetEnvironmentVariable("PALIGGUF_LOAD_MODEL") ?? Repository.PaliNano;

    /// <summary>Whether products and attention are our own, which come to the same bits whatever else is computed.</summary>
    private static bool IsExact => Avx2.IsSupported && Environment.GetEnvironmentVariable("PALIGGUF_PROCESSOR") != "library";

    [Theory]
    [InlineData(64)]
    [InlineData(8)]
    public async Task Every_answer_is_the_one_that_a_single_request_gets_or_a_refusal(int queue)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { Queue = queue, Model = Model });
        string[] pictures = await Task.WhenAll(Enumerable.Range(1, Things.Length).Select(async scene => (await (await server.SendAsync("/api/pictures", Samples.Form(scene))).JsonAsync()).GetProperty("picture").GetString()!));
        Question[] questions = [.. pictures.SelectMany((picture, index) => Questions(picture, index + 1))];
        string[] expected = new string[questions.Length];
        for (int index = 0; index < questions.Length; index++) expected[index] = (await AskAsync(server, questions[index])).Answer!;

        ConcurrentQueue<string> wrong = [];
        int answered = 0, refused = 0;
        long start = Stopwatch.GetTimestamp();
        TimeSpan duration = TimeSpan.FromSeconds(queue == 64 ? Seconds : Seconds / 2);
        Task clients = Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            Random random = new(client);
            // However slow the machine is, there are as many answers as questions.
            while (Stopwatch.GetElapsedTime(start) < duration || Volatile.Read(ref answered) < questions.Length)
            {
                int index = random.Next(questions.Length);
                (HttpStatusCode status, string? answer) = await AskAsync(server, questions[index]);
                if (status == HttpStatusCode.TooManyRequests)
                {
                    Interlocked.Increment(ref refused);
                    await Task.Delay(random.Next(50, 200));
                    continue;
                }

                Interlocked.Increment(ref answered);
                if (!Matches(expected[index], answer!)) wrong.Enqueue($"{(int)status} {questions[index].Path}: {answer} instead of {expected[index]}");
            }
        }));

        await Task.Delay(duration / 3);
        long early = UsedMemory();
        await Task.Delay(duration * 0.6);
        long late = UsedMemory();
        await clients;
        output.WriteLine(
            $"queue {queue}: {answered} answers in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s, {refused} refusals, "
            + $"{early >> 20} MiB after a third of the time, {late >> 20} MiB towards its end");
        Assert.Empty(wrong);
        if (queue == 64) Assert.Equal(0, refused);
        if (duration.TotalSeconds >= WatchedSeconds) Assert.True(late < early + (32L << 20), $"{early} bytes grew to {late}");
        Assert.DoesNotContain(server.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    private static IEnumerable<Question> Questions(string picture, int scene)
    {
        yield return new Question("/api/caption", new { picture });
        yield return new Question("/api/caption", new { image = Samples.Base64(scene), language = "th" });
        yield return new Question("/api/answer", new { picture, question = "what color is the background?" });
        yield return new Question("/api/detect", new { picture, labels = Things[scene - 1] });
        yield return new Question("/api/choose", new { picture, prompt = "answer en is there a turtle?", candidates = new[] { "yes", "no" } });
        yield return new Question("/api/generate", new { picture, prompt = "ocr" });
        yield return new Question(
            "/v1/chat/completions",
            new { stream = true, messages = new[] { new { role = "user", content = new object[] { new { type = "text", text = "describe en" }, new { type = "image_url", image_url = new { url = Samples.DataUrl(scene) } } } } } });
    }

    private static async Task<(HttpStatusCode Status, string? Answer)> AskAsync(RunningServer server, Question question)
    {
        using HttpResponseMessage response = await server.PostAsync(question.Path, question.Body);
        if (!response.IsSuccessStatusCode) return (response.StatusCode, await response.Content.ReadAsStringAsync());
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            List<ServerEvent> events = await response.EventsAsync().ToListAsync();
            Assert.Equal("[DONE]", events[^1].Data);
            IEnumerable<string?> pieces = events.SkipLast(1).Select(sent => sent.Json.GetProperty("choices")[0].GetProperty("delta"))
                .Select(delta => delta.TryGetProperty("content", out JsonElement content) ? content.GetString() : "");
            return (response.StatusCode, string.Concat(pieces));
        }

        JsonElement answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        if (IsExact)
        {
            string part = answer.TryGetProperty("choices", out _) ? "choices" : "text";
            return (response.StatusCode, answer.GetProperty(part).GetRawText());
        }

        // Probabilities depend a little on what else is in the batch.
        return (response.StatusCode, answer.TryGetProperty("choices", out JsonElement choices) ? choices.EnumerateArray().MaxBy(choice => choice.GetProperty("probability").GetDouble()).GetProperty("text").GetString()
            : answer.GetProperty("text").GetString());
    }

    // By the library, what else is in a batch changes the last bits of the logits, and with them a box by a thousandth of the picture.
    private static bool Matches(string expected, string answer)
    {
        if (IsExact) return expected == answer;
        IReadOnlyList<int[]> expectedBoxes = PaliNanoGoldens.Boxes(expected), boxes = PaliNanoGoldens.Boxes(answer);
        return expectedBoxes.Count == boxes.Count
            && expectedBoxes.Zip(boxes).All(pair => PaliNanoGoldens.IntersectionOverUnion(pair.First, pair.Second) > 0.9)
            && Location().Replace(expected, "") == Location().Replace(answer, "");
    }

    [GeneratedRegex("<loc[0-9]{4}>")]
    private static partial Regex Location();

    /// <summary>What the process holds, without what the collector has not got round to.</summary>
    private static long UsedMemory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }

    private sealed record Question(string Path, object Body);
}
