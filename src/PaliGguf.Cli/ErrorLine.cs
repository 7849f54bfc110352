using System.CommandLine.Parsing;
using System.Reflection;
using PaliGguf.Cli.Terminals;

namespace PaliGguf.Cli;

/// <summary>Errors as the user sees them: one line on standard error, and an exit code.</summary>
internal static class ErrorLine
{
    /// <summary>Reports a failure.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(Exception failure, bool verbose)
    {
        Exception cause = Unwrap(failure);
        string message = Describe(cause);
        bool expected = cause is PaliException or IOException or UnauthorizedAccessException or ArgumentException or UsageException or InvalidDataException;
        if (!expected) message = $"{message} ({cause.GetType().Name}{(verbose ? "" : "; run with --verbose for details")})";
        Print(message);
        if (verbose) Console.Error.WriteLine(failure);
        return cause is UsageException ? ExitCode.Usage : ExitCode.Failure;
    }

    /// <summary>Reports a command line that is not understood, and where help is.</summary>
    /// <returns>The exit code.</returns>
    public static int WriteUsage(string problem, CommandResult command)
    {
        List<string> names = [];
        for (SymbolResult? at = command; at is CommandResult level; at = level.Parent) names.Insert(0, level.Command.Name);
        Print($"{problem.TrimEnd('.')}. See '{string.Join(' ', names)} --help'.");
        return ExitCode.Usage;
    }

    /// <summary>Reports something without ending the command.</summary>
    public static void Print(string message) => Console.Error.WriteLine($"{CommandLine.ProgramName}: {PlainText.Line(message)}");

    private static Exception Unwrap(Exception failure) => failure switch
    {
        AggregateException { InnerExceptions.Count: 1, InnerException: { } inner } => Unwrap(inner),
        TypeInitializationException { InnerException: { } inner } => Unwrap(inner),
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        _ => failure,
    };

    private static string Describe(Exception failure) => failure switch
    {
        // The runtime appends the parameter's name, which says nothing to a user.
        ArgumentException { ParamName: { Length: > 0 } parameter } => failure.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal),
        InvalidDataException { InnerException: { } inner } => $"{failure.Message} {inner.Message}",
        _ => failure.Message,
    };
}
