using System.Diagnostics;
using System.Runtime.InteropServices;
using PaliGguf.Cli.Terminals;

namespace PaliGguf.Cli.Training;

/// <summary>
/// The program that fine-tunes (src/PaliGguf.Training). It is another one, and not part of what is installed, because libtorch is half a gigabyte. Options are its
/// own: they are passed on as they are.
/// </summary>
internal static partial class TrainerProgram
{
    /// <summary>The command that starts it.</summary>
    public const string Command = "train";

    private const string Name = "paligguf-train", Variable = "PALIGGUF_TRAINER", ModelVariable = "PALIGGUF_MODEL";
    private const int Terminate = 15;

    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">What follows the command.</param>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(IEnumerable<string> arguments)
    {
        try
        {
            using Process process = Process.Start(StartInfo(arguments)) ?? throw new PaliException($"{Path}: it does not start.");

            // Ctrl-C reaches both; that one saves its run, and this one waits for it.
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
            using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
            {
                context.Cancel = true;
                if (!OperatingSystem.IsWindows()) _ = Kill(process.Id, Terminate);
            });
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        catch (Exception failure) when (failure is PaliException or System.ComponentModel.Win32Exception)
        {
            return ErrorLine.Write(failure, verbose: false);
        }
    }

    private static string Path => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
        ? named
        : System.IO.Path.Combine(AppContext.BaseDirectory, "train", Name + (OperatingSystem.IsWindows() ? ".exe" : ""));

    private static ProcessStartInfo StartInfo(IEnumerable<string> arguments)
    {
        if (!File.Exists(Path))
        {
            throw new PaliException(
                $"{Path} is not there, which fine-tunes: build it from the sources with 'dotnet build src/PaliGguf.Training' and run the console from there, or name it by {Variable}.");
        }

        ProcessStartInfo start = new(Path, arguments) { UseShellExecute = false };
        if (EmbeddedModel.Exists && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(ModelVariable))) start.Environment[ModelVariable] = EmbeddedModel.Folder;
        return start;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
