namespace PaliGguf.Cli;

/// <summary>What the program tells its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The command could not be done; one line on standard error says why.</summary>
    public const int Failure = 1;

    /// <summary>The command line or a setting is not understood.</summary>
    public const int Usage = 2;

    /// <summary>The user ended it (Ctrl-C, SIGTERM).</summary>
    public const int Interrupted = 130;
}
