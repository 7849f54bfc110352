namespace PaliGguf.Packages.Tests.Feed;

/// <summary>A test that needs the runtime package, which is made of what npm brings.</summary>
internal sealed class NpmFactAttribute : FactAttribute
{
    /// <summary>Why such tests can not run; null where they can.</summary>
    public static string? Missing { get; } = IsNpmOnPath ? null : "npm is not on the PATH, and PaliGguf.Runtime is made of its packages.";

    public NpmFactAttribute()
    {
        if (Missing is not null) Skip = Missing;
    }

    private static bool IsNpmOnPath => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "npm.cmd" : "npm")));
}
