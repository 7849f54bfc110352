using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using PaliGguf.Cli.Commands;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Cli.Training;

namespace PaliGguf.Cli;

/// <summary>The program's commands, and the way from arguments to an exit code.</summary>
internal static class CommandLine
{
    private const string Description = """
        Pictures and prompts in, text out: PaliGemma models on this computer.

        Options have defaults in appsettings.json (beside the program or in the working directory, "PaliGguf": { "Threads": 4 }),
        in environment variables (PALIGGUF_THREADS=4, PALIGGUF_GPU_LAYERS=0), and on the command line; the later one wins.
        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is [TrainerProgram.Command, .. string[] rest]) return await TrainerProgram.RunAsync(rest);
        if (PlanCommand.OfTraining(arguments) is { } plan) return await TrainerProgram.RunAsync(plan);
        if (arguments.Length == 0) arguments = ["--help"];
        Command program = CreateFor(arguments);
        // A prompt may begin with '@', which is no response file here.
        ParseResult parse = program.Parse(
            arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (Problem(parse) is { } problem) return ErrorLine.WriteUsage(problem, parse.CommandResult);
        return await parse.InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    /// <summary>The commands by their names, as help lists them.</summary>
    internal static IReadOnlyList<(string Name, Func<Command> Create)> NamedCommands { get; } =
    [
        ("caption", CaptionCommand.Create),
        ("describe", DescribeCommand.Create),
        ("ocr", OcrCommand.Create),
        ("ask", AskCommand.Create),
        ("detect", DetectCommand.Create),
        ("segment", SegmentCommand.Create),
        ("choose", ChooseCommand.Create),
        ("video", VideoCommand.Create),
        ("generate", GenerateCommand.Create),
        ("each", EachCommand.Create),
        ("batch", BatchCommand.Create),
        ("worker", WorkerCommand.Create),
        ("chat", ChatCommand.Create),
        ("serve", ServeCommand.Create),
        ("mcp", McpCommand.Create),
        ("pull", PullCommand.Create),
        ("list", ListCommand.Create),
        ("remove", RemoveCommand.Create),
        ("convert", ConvertCommand.Create),
        ("quantize", QuantizeCommand.Create),
        ("synth", SynthCommand.Create),
        ("adapter", AdapterCommand.Create),
        ("train", TrainCommand.Create),
        ("imatrix", ImatrixCommand.Create),
        ("compare", CompareCommand.Create),
        ("eval", EvalCommand.Create),
        ("report", ReportCommand.Create),
        ("score", ScoreCommand.Create),
        ("tokens", TokensCommand.Create),
        ("plan", PlanCommand.Create),
        ("inspect", InspectCommand.Create),
        ("doctor", DoctorCommand.Create),
        ("bench", BenchCommand.Create),
    ];

    /// <summary>The program with all its commands.</summary>
    public static Command Create() => Create(NamedCommands);

    // Of thirty commands a start needs one, or none; who is mistaken in its name, or asks for help, needs all.
    private static Command CreateFor(string[] arguments)
    {
        if (arguments is ["--version"]) return Create([]);
        (string Name, Func<Command> Create)[] named = [.. NamedCommands.Where(command => command.Name == arguments[0])];
        return Create(named.Length > 0 ? named : NamedCommands);
    }

    private static Command Create(IEnumerable<(string Name, Func<Command> Create)> commands)
    {
        Command program = new(ErrorLine.ProgramName, Description) { new HelpOption(), new VersionOption() };
        foreach ((_, Func<Command> create) in commands) program.Add(create());
        foreach (Option option in CommonOptions.All) program.Add(option);
        return program;
    }

    private static string? Problem(ParseResult parse)
    {
        if (parse.Action is HelpAction) return null;
        if (UnknownOption(parse) is { } option) return option;
        if (parse.Action is not ParseErrorAction) return null;
        return parse.UnmatchedTokens.Count > 0 ? Unmatched(parse, parse.UnmatchedTokens[0]) : Malformed(parse) ?? parse.Errors[0].Message;
    }

    // The library would name a type of .NET.
    private static string? Malformed(ParseResult parse)
    {
        if (parse.Errors[0].SymbolResult is not OptionResult { Option: { } option, Tokens: [.., { Value: { } value }] }) return null;
        Type type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        return type == typeof(int) || type == typeof(long) ? Expected("a whole number")
            : type == typeof(float) || type == typeof(double) ? Expected("a number") : null;

        string Expected(string kind) => $"the option {option.Name} is '{value}'; expected {kind}";
    }

    private static string Unmatched(ParseResult parse, string token)
    {
        Command command = parse.CommandResult.Command;
        if (parse.CommandResult.Parent is null)
            return $"unknown command '{token}'{Suggestion.For(token, command.Subcommands.Select(one => one.Name))}";
        string several = command.Arguments is [{ Name: Arguments.ImageName }] ? "; 'each' answers about several pictures" : "";
        return $"unknown argument '{token}'{several}";
    }

    // The parser takes an unknown option for the value of an argument that is still open ("ask picture.png --fast").
    private static string? UnknownOption(ParseResult parse)
    {
        HashSet<string> literal = parse.Tokens
            .SkipWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value).ToHashSet(StringComparer.Ordinal);
        string? option = parse.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .Concat(parse.UnmatchedTokens)
            .FirstOrDefault(value => value.Length > 1 && value[0] == '-' && !literal.Contains(value));
        if (option is null) return null;
        string name = option.Split('=', ':')[0];
        IEnumerable<Option> known = parse.CommandResult.Command.Options.Concat(CommonOptions.All);
        return $"unknown option {name}{Suggestion.For(name, known.Select(one => one.Name))}";
    }
}
