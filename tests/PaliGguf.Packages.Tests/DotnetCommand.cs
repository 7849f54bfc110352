using System.Diagnostics;

namespace PaliGguf.Packages.Tests;

/// <summary>Runs a program, above all "dotnet", as from a shell of its own: without what the test run has in its environment.</summary>
internal static class DotnetCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    // What MSBuild and PaliGguf would take from the test run's environment.
    private static readonly string[] Foreign = ["MSBUILD", "PALIGGUF_", "VSTEST", "DOTNET_STARTUP_HOOKS"];

    /// <summary>Runs "dotnet" and expects it to succeed.</summary>
    /// <returns>What it printed, errors included.</returns>
    public static Task<string> RunAsync(string folder, params string[] arguments) => SucceedAsync(folder, "dotnet", arguments);

    /// <summary>Runs a program and expects it to succeed.</summary>
    /// <returns>What it printed, errors included.</returns>
    public static async Task<string> SucceedAsync(string folder, string program, params string[] arguments)
    {
        (int status, string output) = await TryAsync(folder, program, arguments);
        Assert.True(status == 0, $"{program} {string.Join(' ', arguments)}: {status}\n{output}");
        return output;
    }

    /// <summary>Runs a program.</summary>
    public static async Task<(int Status, string Output)> TryAsync(string folder, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(IsForeign).ToArray()) start.Environment.Remove(name);
        // No build process stays behind.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = new(Limit);
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException cause)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} still ran after {Limit.TotalMinutes} minutes.", cause);
        }
    }

    private static bool IsForeign(string variable) =>
        Array.Exists(Foreign, prefix => variable.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
