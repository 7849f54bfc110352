using System.Diagnostics;
using System.Text.RegularExpressions;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Processes;

/// <summary>The built executable, run as users run it.</summary>
internal static partial class BuiltProgram
{
    private const string FolderVariable = "PALIGGUF_TEST_FOLDER", CommandVariable = "PALIGGUF_TEST_PROGRAM";

    /// <summary>The output folder of the program, of the same configuration as these tests; or the folder of a published one.</summary>
    public static string Folder { get; } = Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } published
        ? Path.GetFullPath(published)
        : Path.Combine(Repository.Root, "src", "PaliGguf.Cli", "bin", OutputName(1), OutputName(0));

    public static string Sample { get; } = Path.Combine(Repository.PaliNano, "samples", "scene_01.png");

    public static string File { get; } = Path.Combine(Folder, FileName);

    /// <summary>The command that stands for the program instead, where another platform's is run under emulation: its words, separated by
    /// spaces.</summary>
    private static string[]? Emulated { get; } =
        Environment.GetEnvironmentVariable(CommandVariable)?.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // An emulated processor takes minutes for what takes seconds here.
    private static TimeSpan Limit { get; } = TimeSpan.FromMinutes(Emulated is null ? 3 : 60);

    private static string FileName => OperatingSystem.IsWindows() ? "paligguf.exe" : "paligguf";

    /// <summary>Runs a command in an empty folder, without settings of the machine's user.</summary>
    public static Task<ProgramResult> RunAsync(params string[] arguments) => RunAsync(new ProgramRun(arguments));

    public static async Task<ProgramResult> RunAsync(ProgramRun run)
    {
        using TemporaryFolder empty = new();
        using Process process = Start(run with { WorkingFolder = run.WorkingFolder ?? empty.Path });
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.BaseStream.WriteAsync(run.Input);
        process.StandardInput.Close();
        return await EndAsync(process, output, error);
    }

    /// <summary>Starts a command whose input stays open.</summary>
    public static Process Start(ProgramRun run)
    {
        string[] command = Emulated is { Length: > 0 } && run.ProgramFolder is null
            ? Emulated : [Path.Combine(run.ProgramFolder ?? Folder, FileName)];
        ProcessStartInfo start = new(command[0], [.. command[1..], .. run.Arguments])
        {
            WorkingDirectory = run.WorkingFolder ?? "",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(IsOurs).ToArray())
        {
            start.Environment.Remove(name);
        }

        // Threads of processes that run side by side would spin while they wait for each other.
        start.Environment["PALIGGUF_THREADS"] = "1";
        foreach ((string name, string value) in run.Environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Waits until a started command has loaded its model, as the system's list of its threads tells; elsewhere than on Linux, for a second.</summary>
    public static Task LoadedAsync(Process process)
    {
        // What the system keeps of the thread's name.
        const string DecodeLoop = "PaliGguf decode";
        return OperatingSystem.IsLinux() ? UntilAsync(() => OfThreads(process, "comm").Contains(DecodeLoop, StringComparer.Ordinal)) : Task.Delay(1000);
    }

    /// <summary>Waits until a started command has started a process itself; elsewhere than on Linux, for a second.</summary>
    public static Task DividedAsync(Process process) =>
        OperatingSystem.IsLinux() ? UntilAsync(() => OfThreads(process, "children").Exists(children => children.Length > 0)) : Task.Delay(1000);

    /// <summary>Waits until a condition is met.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(Limit);
        while (!condition()) await Task.Delay(20, limit.Token);
    }

    public static async Task<ProgramResult> EndAsync(Process process, Task<string> output, Task<string> error)
    {
        using CancellationTokenSource limit = new(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException cause)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The program still ran after {Limit.TotalSeconds} s.", cause);
        }

        return new ProgramResult(process.ExitCode, await output, ProgressLine().Replace(await error, ""));
    }

    private static bool IsOurs(string variable) => variable.StartsWith("PALIGGUF_", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the system tells of each thread of a process in a file of this name.</summary>
    private static List<string> OfThreads(Process process, string file)
    {
        List<string> texts = [];
        foreach (string thread in Directory.EnumerateDirectories($"/proc/{process.Id}/task"))
        {
            try
            {
                texts.Add(System.IO.File.ReadAllText(Path.Combine(thread, file)).TrimEnd());
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return texts;
    }

    // On a busy machine loading may take long enough for progress to be shown.
    [GeneratedRegex(@"^[^\n]* \([0-9]+ %\)\r?\n", RegexOptions.Multiline)]
    private static partial Regex ProgressLine();

    private static string OutputName(int levelsUp)
    {
        DirectoryInfo folder = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        for (; levelsUp > 0; levelsUp--) folder = folder.Parent!;
        return folder.Name;
    }
}
