using System.Net;
using System.Text.Json;
using PaliGguf.Server.Models;

namespace PaliGguf.Server.Tests.Models;

public sealed class ModelPoolTests
{
    private const string Turtle = "a turtle on an orange background";

    [Fact]
    public async Task All_models_are_listed_and_one_that_is_named_is_loaded()
    {
        using ModelFolder models = new();
        await using RunningServer server = await models.ServeAsync();
        JsonElement listed = await (await server.Client.GetAsync("/v1/models")).JsonAsync();
        Assert.Equal([ModelFolder.First, ModelFolder.Second], listed.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
        Assert.Equal(["unloaded", "unloaded"], await StatesAsync(server));

        Assert.Equal(Turtle, await CaptionAsync(server, ModelFolder.Second));
        Assert.Equal(["unloaded", "loaded"], await StatesAsync(server));
        // By its name without a type, in letters of either case, and as ollama's clients write it.
        Assert.Equal(Turtle, await CaptionAsync(server, "Nano-Two:latest"));
        Assert.Equal(["unloaded", "loaded"], await StatesAsync(server));
        // Without a name, the first is meant.
        Assert.Equal(Turtle, await CaptionAsync(server, null));
        Assert.Equal(["loaded", "loaded"], await StatesAsync(server));
        Assert.Equal(ModelFolder.Second, (await (await server.Client.GetAsync($"/api/model?model={ModelFolder.Second}")).JsonAsync()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task The_model_that_is_meant_without_a_name_can_be_chosen()
    {
        using ModelFolder models = new();
        await using RunningServer server = await models.ServeAsync(options => options with { Model = "nano-two" });
        await CaptionAsync(server, null);
        Assert.Equal(["unloaded", "loaded"], await StatesAsync(server));
    }

    [Fact]
    public async Task An_unknown_name_is_answered_with_those_that_there_are()
    {
        using ModelFolder models = new();
        await using RunningServer server = await models.ServeAsync();
        JsonElement problem = await (await server.PostAsync("/api/caption", new { image = Samples.Base64(1), model = "nano-tow-Q8_0" })).ProblemAsync(404, "model_not_found");
        Assert.Equal($"There is no model 'nano-tow-Q8_0' (did you mean '{ModelFolder.Second}'?): this server runs '{ModelFolder.First}', '{ModelFolder.Second}'.",
            problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Requests_that_come_at_once_have_it_loaded_once()
    {
        using ModelFolder models = new();
        await using RunningServer server = await models.ServeAsync();
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CaptionAsync(server, ModelFolder.First)));
        Assert.All(answers, answer => Assert.Equal(Turtle, answer));
        Assert.Single(server.Log.Lines, line => line.Contains("Loaded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_goes_when_another_needs_its_room_and_requests_in_progress_end_first()
    {
        using ModelFolder models = new();
        await using RunningServer server = await models.ServeAsync(RoomForOne);
        using HttpResponseMessage running = await LongAnswerAsync(server, ModelFolder.First);
        Task<string> waiting = CaptionAsync(server, ModelFolder.Second);
        await Eventually.TrueAsync(async () => (await StatesAsync(server))[1] == "loading");
        List<ServerEvent> events = await running.EventsAsync().ToListAsync();
        Assert.Equal("result", events[^1].Name);
        Assert.Equal(300, events[^1].Json.GetProperty("tokens").GetArrayLength());
        Assert.Equal(Turtle, await waiting);
        Assert.Equal(["Loaded " + ModelFolder.First, "Unloaded " + ModelFolder.First, "Loaded " + ModelFolder.Second], Comings(server));
        Assert.Equal(Turtle, await CaptionAsync(server, ModelFolder.First));
    }

    [Fact]
    public async Task A_load_that_nobody_waits_for_any_more_is_given_up()
    {
        using ModelFolder models = new();
        await using RunningServer server = await models.ServeAsync(RoomForOne);
        using HttpResponseMessage running = await LongAnswerAsync(server, ModelFolder.First);
        using CancellationTokenSource leaves = new();
        Task<HttpResponseMessage> waiting = server.Client.PostAsync(
            "/api/caption", System.Net.Http.Json.JsonContent.Create(new { image = Samples.Base64(1), model = ModelFolder.Second }), leaves.Token);
        await Eventually.TrueAsync(async () => (await StatesAsync(server))[1] == "loading");
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Eventually.TrueAsync(async () => (await StatesAsync(server))[1] == "unloaded");
        Assert.Equal("result", (await running.EventsAsync().ToListAsync())[^1].Name);
    }

    [Fact]
    public async Task One_that_nobody_asks_goes_after_a_while()
    {
        using ModelFolder models = new();
        await using RunningServer server = await models.ServeAsync(options => options with { KeepAlive = TimeSpan.FromMilliseconds(1) });
        Assert.Equal(Turtle, await CaptionAsync(server, ModelFolder.First));
        await Eventually.TrueAsync(() => server.Log.Lines.Any(line => line.Contains("Unloaded", StringComparison.Ordinal)));
        Assert.Equal(Turtle, await CaptionAsync(server, ModelFolder.First));
    }

    [Fact]
    public async Task One_that_can_not_be_loaded_is_told_of_and_the_others_go_on()
    {
        using ModelFolder models = new();
        await using RunningServer server = await models.ServeAsync();
        using (FileStream file = File.OpenWrite(Path.Combine(models.Path, ModelFolder.First + ".gguf"))) file.SetLength(4096);
        for (int attempt = 0; attempt < 2; attempt++)
        {
            JsonElement problem = await (await server.PostAsync("/api/caption", new { image = Samples.Base64(1), model = ModelFolder.First })).ProblemAsync(503, "model_not_loaded");
            Assert.DoesNotContain(models.Path, problem.GetProperty("detail").GetString());
        }

        Assert.Contains(server.Log.Lines, line => line.Contains("the file ends at byte 4096", StringComparison.Ordinal));
        Assert.Equal(Turtle, await CaptionAsync(server, ModelFolder.Second));
    }

    [Fact]
    public async Task One_that_is_larger_than_all_of_the_memory_is_refused_with_what_it_needs()
    {
        using ModelFolder models = new();
        await using RunningServer server = await models.ServeAsync(
            options => options with { ModelOptions = options.ModelOptions with { Memory = new MemoryLimits(Ram: 50 << 20) } });
        JsonElement problem = await (await server.PostAsync("/api/caption", new { image = Samples.Base64(1) })).ProblemAsync(503, "model_too_large");
        Assert.Contains("--ram", problem.GetProperty("detail").GetString());
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/readyz")).StatusCode);
    }

    [Fact]
    public void What_belongs_to_one_model_alone_and_folders_that_are_not_there_are_refused()
    {
        ServerOptions options = RunningServer.Options with { ModelFolders = ["no-such-folder"] };
        Assert.Contains("no-such-folder", Assert.Throws<ArgumentException>(options.Validate).Message);
        options = options with { ModelFolders = ["."], ModelOptions = options.ModelOptions with { Adapters = [new AdapterFile("a.gguf")] } };
        Assert.Contains("adapters", Assert.Throws<ArgumentException>(options.Validate).Message);
    }

    // The one half more is for what the choice within a limit differs by.
    private static ServerOptions RoomForOne(ServerOptions options)
    {
        MemoryBudget budget = new(options);
        long needs = budget.NeedsOf(new ModelCatalogue(options.ModelFolders, null, "").Find(null)).Ram;
        return options with { ModelOptions = options.ModelOptions with { Memory = new MemoryLimits(Ram: needs * 3 / 2) } };
    }

    private static async Task<HttpResponseMessage> LongAnswerAsync(RunningServer server, string model)
    {
        HttpResponseMessage response = await server.PostAsync("/api/generate",
            new { prompt = "describe en", image = Samples.Base64(1), model, ignoreEos = true, maxTokens = 300 }, ("Accept", "text/event-stream"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response;
    }

    private static Task<string> CaptionAsync(RunningServer server, string? model) =>
        server.TextAsync("/api/caption", new { image = Samples.Base64(1), model });

    private static async Task<string[]> StatesAsync(RunningServer server) =>
        [.. (await (await server.Client.GetAsync("/readyz")).JsonAsync()).GetProperty("models").EnumerateArray().Select(model => model.GetProperty("state").GetString()!)];

    private static IEnumerable<string> Comings(RunningServer server) =>
        from line in server.Log.Lines
        where line.Contains("oaded ", StringComparison.Ordinal)
        let words = line.Split(' ', ':')
        select $"{words[2]} {words[3]}";
}
