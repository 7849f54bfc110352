using System.Diagnostics;
using System.Text;
using System.Text.Json;
using PaliGguf.Cli.Terminals;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>
/// Starts this program again for one measurement, with the same settings, or the rival's: a process of its own has no other side's memory,
/// and its peak is that of the measurement.
/// </summary>
/// <param name="arguments">This program's command line, up to and including the command, and the rest.</param>
/// <param name="log">Where to the process's log goes; null for nowhere.</param>
internal sealed class BenchProcess((IReadOnlyList<string> Command, IReadOnlyList<string> Others) arguments, TextWriter? log)
{
    public const string SideOption = "--measure";

    private static readonly TimeSpan SignalDelay = TimeSpan.FromSeconds(1);

    // This process itself may have no more than a part of a second left.
    private static readonly TimeSpan KillDelay = TimeSpan.FromMilliseconds(300);

    /// <summary>Measures.</summary>
    /// <param name="side">The side.</param>
    /// <param name="job">What of it.</param>
    /// <param name="begin">Told of each thing that is begun.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    /// <exception cref="PaliException">The process failed.</exception>
    public async Task<BenchSample> RunAsync(BenchSide side, BenchJob job, Action<string> begin, CancellationToken cancellationToken)
    {
        using Process process = Start(side);
        try
        {
            Task<string?> error = ReadErrorAsync(process.StandardError, cancellationToken);
            await SendAsync(process.StandardInput, job, cancellationToken);
            BenchSample? sample = await ReadAsync(process.StandardOutput, begin, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode == 0 && sample is not null) return sample;
            // Ctrl-C reaches both processes, in any order.
            if (process.ExitCode == ExitCode.Interrupted) await Task.Delay(SignalDelay, cancellationToken);
            throw new PaliException(await error ?? $"The measuring process ended with exit code {process.ExitCode} and no reason.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit(KillDelay);
            }
        }
    }

    private Process Start(BenchSide side)
    {
        ProcessStartInfo start = side == BenchSide.LLamaSharp ? RivalProgram.Start() : ThisProgram(side);
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        start.StandardOutputEncoding = start.StandardErrorEncoding = Encoding.UTF8;
        return Process.Start(start) ?? throw new PaliException($"{start.FileName}: the measuring process does not start.");
    }

    private ProcessStartInfo ThisProgram(BenchSide side)
    {
        ProcessStartInfo start = new(Environment.ProcessPath
            ?? throw new PaliException("The system does not tell where this program is, so it can not be started again to measure."));
        // "dotnet paligguf.dll" is run by dotnet.
        if (Path.GetFileNameWithoutExtension(start.FileName).Equals("dotnet", StringComparison.OrdinalIgnoreCase)) start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (string argument in (IEnumerable<string>)[.. arguments.Command, SideOption, side.ToString(), .. arguments.Others]) start.ArgumentList.Add(argument);
        return start;
    }

    private static async Task SendAsync(StreamWriter input, BenchJob job, CancellationToken cancellationToken)
    {
        try
        {
            await input.WriteLineAsync(JsonSerializer.Serialize(job, BenchmarksJson.Default.BenchJob).AsMemory(), cancellationToken);
            await input.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // It has ended already, and says why on its standard error.
        }
    }

    private static async Task<BenchSample?> ReadAsync(StreamReader output, Action<string> begin, CancellationToken cancellationToken)
    {
        BenchSample? sample = null;
        while (await output.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith('{')) sample = JsonSerializer.Deserialize(line, BenchmarksJson.Default.BenchSample);
            else begin(line);
        }

        return sample;
    }

    /// <summary>Passes on the log.</summary>
    /// <returns>The error that it ends with, if it does.</returns>
    private async Task<string?> ReadErrorAsync(StreamReader error, CancellationToken cancellationToken)
    {
        const string Mark = ErrorLine.ProgramName + ": ";
        string? problem = null;
        while (await error.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal)) problem = line[Mark.Length..];
            if (log is not null) await log.WriteLineAsync(line);
        }

        return problem;
    }
}
