namespace PaliGguf.Native.Tests;

/// <summary>A test that publishes the C library and compiles a program for it.</summary>
internal sealed class HostFactAttribute : FactAttribute
{
    public HostFactAttribute(params string[] programs)
    {
        Skip = Tools.Missing([Tools.Compiler, .. programs]);
    }
}

/// <inheritdoc cref="HostFactAttribute"/>
internal sealed class HostTheoryAttribute : TheoryAttribute
{
    public HostTheoryAttribute() => Skip = Tools.Missing([Tools.Compiler]);
}

/// <summary>The programs that such tests need of the system.</summary>
internal static class Tools
{
    public const string Compiler = "gcc";

    /// <summary>What is missing, as a reason to skip; null where nothing is.</summary>
    public static string? Missing(params string[] programs)
    {
        if (!OperatingSystem.IsLinux()) return "The C hosts of the tests are written for Linux.";
        string? missing = Array.Find(programs, program => !IsOnPath(program));
        return missing is null ? null : $"{missing} is not on the PATH.";
    }

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
