using System.Diagnostics;
using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Conversion.Tests;
using PaliGguf.Tests;
using PaliGguf.Tests.Hub;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class PullCommandTests : IAsyncLifetime, IDisposable
{
    private const string Name = "google/nano";
    private readonly TemporaryFolder _home = new();
    private LocalHub _hub = null!;

    public async Task InitializeAsync() => _hub = await LocalHub.StartAsync();

    public async Task DisposeAsync() => await _hub.DisposeAsync();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_model_is_pulled_listed_run_by_its_name_and_removed()
    {
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.PaliNano).SaveShards(2);
        _hub.Add(Name).AddFolder(folder.Path);

        ProgramResult pulled = await RunAsync("pull", Name, "--type", "f16");
        ProgramResult listed = await RunAsync("list", "--json");
        ProgramResult caption = await RunAsync("caption", BuiltProgram.Sample, "--model", "nano", "--max-tokens", "8");
        ProgramResult removed = await RunAsync("remove", "nano:f16");
        ProgramResult after = await RunAsync("caption", BuiltProgram.Sample, "--model", "nano");

        Assert.Equal((0, ""), (pulled.ExitCode, pulled.Error));
        Assert.Contains("nano-F16.gguf", pulled.Output, StringComparison.Ordinal);
        Assert.Contains($"paligguf caption PICTURE --model {Name}:F16", pulled.Output, StringComparison.Ordinal);
        JsonElement item = JsonDocument.Parse(listed.Output).RootElement.GetProperty("pulled").EnumerateArray().Single();
        Assert.Equal((Name, "F16", true),
            (item.GetProperty("name").GetString(), item.GetProperty("type").GetString(), item.GetProperty("complete").GetBoolean()));
        Assert.Equal((0, "a turtle on an orange background"), (caption.ExitCode, caption.Output.Trim()));
        Assert.StartsWith($"removed {Name} F16, ", removed.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_home.Path));
        Assert.Equal(1, after.ExitCode);
        Assert.StartsWith("paligguf: nano: no such model file, and no model of that name was pulled", after.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_pull_goes_on_after_what_it_had_finished()
    {
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.PaliNano).SaveShards(3);
        _hub.Add(Name).AddFolder(folder.Path);
        TaskCompletionSource reached = new();
        TaskCompletionSource killed = new();
        _hub.Sending = request =>
        {
            bool isBeginning = request.Range.StartsWith("bytes=0-", StringComparison.Ordinal)
                || request.Range.StartsWith("bytes=8-", StringComparison.Ordinal);
            if (isBeginning || !request.Path.Contains("model-00003", StringComparison.Ordinal)) return Task.CompletedTask;
            reached.TrySetResult();
            return killed.Task;
        };
        using (Process process = BuiltProgram.Start(Run("pull", Name)))
        {
            await reached.Task.WaitAsync(TimeSpan.FromMinutes(2));
            process.Kill();
            await process.WaitForExitAsync();
        }

        killed.SetResult();
        _hub.Requests.Clear();
        ProgramResult unfinished = await RunAsync("list");
        ProgramResult result = await RunAsync("pull", Name, "--json");

        Assert.Contains("unfinished", unfinished.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        long whole = _hub.Repositories[Name].Files.Values.Sum(file => file.Length);
        Assert.InRange(JsonDocument.Parse(result.Output).RootElement.GetProperty("bytesReceived").GetInt64(), whole / 10, whole * 2 / 3);
        Assert.Equal((0, "a turtle on an orange background"), await CaptionAsync());
    }

    [Fact]
    public async Task A_misspelt_name_is_answered_with_the_one_that_was_pulled()
    {
        _hub.Add(Name).Add("nano-Q8_0.gguf", [1], linked: true).Add("mmproj-nano-Q8_0.gguf", [2], linked: true);
        await RunAsync("pull", Name);

        ProgramResult misspelt = await RunAsync("caption", BuiltProgram.Sample, "--model", "google/nan");
        ProgramResult other = await RunAsync("caption", BuiltProgram.Sample, "--model", "google/paligemma2-3b-mix-224");
        ProgramResult removed = await RunAsync("remove", "nanu");

        Assert.Contains($"(did you mean '{Name}'?)", misspelt.Error, StringComparison.Ordinal);
        Assert.Contains("'paligguf pull google/paligemma2-3b-mix-224' gets it", other.Error, StringComparison.Ordinal);
        Assert.Contains("nanu: nothing of that name was pulled (did you mean 'nano'?)", removed.Error, StringComparison.Ordinal);
        Assert.Equal((1, 1, 1), (misspelt.ExitCode, other.ExitCode, removed.ExitCode));
    }

    [Fact]
    public async Task Of_several_types_one_is_named()
    {
        HubRepository repository = _hub.Add(Name).Add("mmproj-nano-Q8_0.gguf", [2], linked: true);
        foreach (string type in new[] { "Q8_0", "Q4_0" }) repository.Add($"nano-{type}.gguf", [1], linked: true);
        await RunAsync("pull", Name, "--type", "q8_0");
        await RunAsync("pull", Name, "--type", "q4_0");

        ProgramResult result = await RunAsync("caption", BuiltProgram.Sample, "--model", "nano");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("several models were pulled as nano: name one of", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{Name}:Q4_0", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_is_never_shown(bool verbose)
    {
        HubRepository repository = _hub.Add(Name);
        repository.Add("config.json", [1]).Add("model.safetensors", [1], linked: true).Gated = true;
        string file = _home.Write("token", "hf_stranger"u8);

        ProgramResult result = await RunAsync(["pull", Name, "--token-file", file, .. verbose ? (string[])["--verbose"] : []]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("the token's owner has not been let in: accept its licence at", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hf_stranger", result.Error + result.Output, StringComparison.Ordinal);
        Assert.Contains(_hub.Requests, request => request.Authorization == "Bearer hf_stranger");
    }

    [Fact]
    public async Task Convert_points_to_pull()
    {
        ProgramResult result = await RunAsync("convert", "google/paligemma2-3b-mix-224", "--out", "models");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("'paligguf pull google/paligemma2-3b-mix-224' gets it, and converts a checkpoint while it arrives", result.Error,
            StringComparison.Ordinal);
    }

    private async Task<(int, string)> CaptionAsync()
    {
        ProgramResult caption = await RunAsync("caption", BuiltProgram.Sample, "--model", "nano", "--max-tokens", "8");
        return (caption.ExitCode, caption.Output.Trim());
    }

    private Task<ProgramResult> RunAsync(params string[] arguments) => BuiltProgram.RunAsync(Run(arguments));

    private ProgramRun Run(params string[] arguments) => new(arguments)
    {
        Environment = new Dictionary<string, string>
        {
            ["PALIGGUF_HOME"] = _home.Path,
            ["PALIGGUF_THREADS"] = "1",
            ["HF_ENDPOINT"] = _hub.Address.ToString(),
            ["HF_HOME"] = _home.File("nothing"),
            ["HF_TOKEN"] = "",
        },
    };
}
