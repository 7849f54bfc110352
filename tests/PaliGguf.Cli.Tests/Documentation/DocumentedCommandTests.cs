using System.CommandLine;
using System.Diagnostics;
using System.Text.RegularExpressions;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Documentation;

/// <summary>What README and docs say of commands is true: each exists, has its options, and runs as it is written.</summary>
public sealed partial class DocumentedCommandTests : IDisposable
{
    /// <summary>What is not run here, and why.</summary>
    private static readonly (string Command, string Reason)[] Elsewhere =
    [
        ("paligguf (pull|list|remove)", "asks a hub: PullCommandTests"),
        ("--model (google/)?paligemma2-3b-mix-224$", "was pulled from a hub: PullCommandTests"),
        ("paligguf (serve|mcp|worker)", "stays: the lines of curl below are asked of it"),
        ("--broker", "needs a broker: PaliGguf.Broker.Tests"),
        ("paligguf bench", "takes minutes: BenchCommandTests"),
        ("paligguf (train|plan --train)", "is a program of its own: PaliGguf.Training.Tests"),
        ("bert-base", "its checkpoint is not in the repository: BertCommandTests"),
        ("pt_224.npz", "its checkpoint is not in the repository: BigVisionSourceTests"),
    ];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> EveryPage => [.. MarkdownCommands.Pages.Where(page => MarkdownCommands.Mentions(page).Any())];

    public static TheoryData<string> Runnable =>
        ["README.md", .. Names("batch", "compare", "evaluation", "memory", "models", "quantization", "server")];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(EveryPage))]
    public void Commands_and_options_exist(string page)
    {
        Command program = CommandLine.Create();
        Assert.All(MarkdownCommands.Mentions(page), mention =>
        {
            string[] words = [.. Word().Matches(mention).Select(word => word.Value)];
            Command command = program.Subcommands.FirstOrDefault(one => one.Name == words[1]) ?? program;
            Assert.True(command != program || words[1].StartsWith('-') || words[1] == "COMMAND", $"there is no command '{words[1]}'");
            // The trainer's options are its own.
            if (words[1] == "train" || words.Contains("--train")) return;
            string[] known = [.. command.Options.Concat(CommonOptions.All).Select(option => option.Name), "--help", "--version"];
            Assert.All(words.Where(word => word.StartsWith("--", StringComparison.Ordinal)), option => Assert.Contains(option, known));
        });
    }

    [Theory]
    [MemberData(nameof(Runnable))]
    public async Task Commands_run_as_they_are_written(string page)
    {
        if (!OperatingSystem.IsLinux()) return;
        await DocumentedFiles.WriteAsync(_folder.Path);
        string[] lines = [.. MarkdownCommands.Lines(page)
            .Where(line => !Elsewhere.Any(other => Regex.IsMatch(line, other.Command))).Select(MarkdownCommands.Shortest)];
        Assert.NotEmpty(lines);
        await using Server? server = lines.Any(line => line.Contains("127.0.0.1:8080")) ? await Server.StartAsync() : null;
        string set = "";
        foreach (string line in lines)
        {
            // A variable of one line is used in the next.
            if (line.StartsWith("ID=", StringComparison.Ordinal))
            {
                set = line + "\n";
                continue;
            }

            string script = (set + line).Replace("http://127.0.0.1:8080", server?.Address, StringComparison.Ordinal);
            (int code, string error) = await BashAsync(script);
            // One of the photos is damaged.
            int expected = line.StartsWith("paligguf batch photos", StringComparison.Ordinal) ? 1 : 0;
            Assert.True(code == expected, $"{page}: {line}\nexit code {code}: {error}");
        }
    }

    private static IEnumerable<string> Names(params string[] pages) => pages.Select(page => Path.Combine("docs", page + ".md"));

    private async Task<(int Code, string Error)> BashAsync(string line)
    {
        // curl takes an answer that is an error for a success unless it is told.
        string script = "set -eo pipefail\ncurl() { command curl --silent --show-error --fail-with-body \"$@\"; }\n" + line;
        ProcessStartInfo start = new("bash", ["-c", script])
        {
            WorkingDirectory = _folder.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{BuiltProgram.Folder}:{start.Environment["PATH"]}";
        start.Environment["PALIGGUF_THREADS"] = "1";
        // The small model, where a command names none.
        start.Environment.Remove("PALIGGUF_MODEL");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        ProgramResult result = await BuiltProgram.EndAsync(process, output, error);
        return (result.ExitCode, result.Error + result.Output);
    }

    [GeneratedRegex(@"--?[\w-]+|[\w.:/-]+|""[^""]*""")]
    private static partial Regex Word();

    private sealed class Server(Process process, string address) : IAsyncDisposable
    {
        public string Address => address;

        public static async Task<Server> StartAsync()
        {
            Process process = BuiltProgram.Start(new ProgramRun("serve", "--urls", "http://127.0.0.1:0"));
            _ = process.StandardError.ReadToEndAsync();
            string line = await process.StandardOutput.ReadLineAsync() ?? "";
            Server server = new(process, line["Listening at ".Length..].TrimEnd('/'));
            using HttpClient client = new() { BaseAddress = new Uri(server.Address) };
            while (!(await client.GetAsync("/readyz")).IsSuccessStatusCode) await Task.Delay(20);
            return server;
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
