using System.CommandLine.Parsing;
using System.Reflection;
using PaliGguf.Imaging;

namespace PaliGguf.Cli.Terminals;

/// <summary>Errors as the user sees them: one line on standard error, and an exit code.</summary>
internal static class ErrorLine
{
    /// <summary>What every line begins with.</summary>
    public const string ProgramName = "paligguf";

    /// <summary>Reports a failure.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(Exception failure, bool verbose)
    {
        Exception cause = Unwrap(failure);
        Print(Message(cause, verbose ? "" : "; run with --verbose for details"));
        if (verbose) Console.Error.WriteLine(failure);
        return cause is UsageException ? ExitCode.Usage : ExitCode.Failure;
    }

    /// <summary>What a failure says to a user.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="hint">What is added to the name of an exception that nobody expected.</param>
    public static string Message(Exception failure, string hint = "")
    {
        Exception cause = Unwrap(failure);
        return cause.IsExpected() ? Describe(cause) : $"{Describe(cause)} ({cause.GetType().Name}{hint})";
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
    public static void Print(string message) => Console.Error.WriteLine($"{ProgramName}: {PlainText.Line(message)}");

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
        ImageLimitException limit => $"{limit.Name}: {PictureAdvice.Of(limit)}",
        InvalidDataException { InnerException: not null } => $"{failure.Message} {failure.GetBaseException().Message.ReplaceLineEndings(" ")}",
        _ => failure.Message,
    };
}
