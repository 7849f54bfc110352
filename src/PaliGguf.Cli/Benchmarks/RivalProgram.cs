using System.Diagnostics;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>
/// The program that measures LLamaSharp (src/PaliGguf.Rival). It is another one, and not part of what is installed, because one process can
/// hold one set of llama.cpp libraries, and hardly anybody needs the second one.
/// </summary>
internal static class RivalProgram
{
    private const string Name = "paligguf-rival";

    /// <summary>Where its build puts it.</summary>
    public static string Path { get; } =
        System.IO.Path.Combine(AppContext.BaseDirectory, "rival", Name + (OperatingSystem.IsWindows() ? ".exe" : ""));

    /// <summary>How it is started.</summary>
    /// <exception cref="PaliException">It is not there.</exception>
    public static ProcessStartInfo Start()
    {
        if (!File.Exists(Path))
        {
            throw new PaliException(
                $"{Path} is not there, which measures LLamaSharp: build it from the sources with 'dotnet build src/PaliGguf.Rival', and "
                    + "run "
                + "the console from there.");
        }

        // LLamaSharp looks for its libraries below the working directory first.
        return new ProcessStartInfo(Path) { WorkingDirectory = System.IO.Path.GetDirectoryName(Path)! };
    }
}
