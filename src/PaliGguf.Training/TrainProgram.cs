using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using PaliGguf.Evaluation.Reports;
using PaliGguf.Training.Outcomes;
using PaliGguf.Training.Pages;
using PaliGguf.Training.Results;
using PaliGguf.Training.Runs;
using PaliGguf.Training.Runtime;

namespace PaliGguf.Training;

/// <summary>The trainer's command line.</summary>
internal static class TrainProgram
{
    private const int Success = 0, Failure = 1, Usage = 2, Interrupted = 130;

    /// <summary>Runs a command.</summary>
    /// <returns>The exit code: 0 for success, 1 for a failure, 2 for a command line that is not understood, 130 for Ctrl-C.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        ParseResult parse = Create().Parse(
            arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0 && parse.Action is ParseErrorAction)
        {
            Report($"{parse.Errors[0].Message.TrimEnd('.')}. See 'paligguf train --help'.");
            return Usage;
        }

        try
        {
            InvocationConfiguration ours = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parse.InvokeAsync(ours).ConfigureAwait(false);
        }
        catch (Exception e)
            when (e is PaliException or IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
        {
            Report(e.Message);
            return Failure;
        }
    }

    private static RootCommand Create()
    {
        TrainOptions options = new();
        RootCommand command = new("Fine-tune a model on the GGUF pair that will run: an adapter, the decoder's attention, or all of it.");
        options.AddTo(command);
        command.SetAction((parse, _) => Task.FromResult(Train(options.Read(parse))));
        Command doctor = new("doctor", "Tell whether training can run on this machine.");
        doctor.SetAction(_ => Doctor.Run(Console.Out));
        command.Add(doctor);
        command.Add(PlanCommand.Create());
        command.Add(BenchCommand.Create());
        Argument<string> library = new("LIBRARY");
        Command prepare = new("prepare", "Let a library load beside an older C++ runtime.") { library };
        prepare.Hidden = true;
        prepare.SetAction(parse =>
        {
            string path = parse.GetRequiredValue(library);
            Console.WriteLine($"{Path.GetFileName(path)}: {NativePreparation.Prepare(path, NativePreparation.SystemVersions())}");
        });
        command.Add(prepare);
        return command;
    }

    private static int Train(TrainingSettings settings)
    {
        using CancellationTokenSource cancellation = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        RunConsole console = new(Console.Error);
        try
        {
            RunPage page = new(settings);
            using PageServer? server = settings.WatchPort is { } port ? PageServer.Start(port, page.ToHtml) : null;
            if (server is not null) console.Line($"the page of the run: {server.Address}");
            foreach (string path in Train(settings, console, page, cancellation.Token)) Console.WriteLine(path);
            return Success;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Report("ended and saved; the same command goes on.");
            return Interrupted;
        }

        // A second one ends the process at once.
        void Cancel(PosixSignalContext context)
        {
            context.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        }
    }

    private static IEnumerable<string> Train(
        TrainingSettings settings, RunConsole console, RunPage page, CancellationToken cancellationToken)
    {
        TunedScores? scores = settings.EvaluationTask is null ? null : new TunedScores(settings, cancellationToken);
        string baseModel;
        IReadOnlyList<string> written;
        using (TrainingRun run = new(settings, new RunObservers(console, page), cancellationToken))
        {
            RunState state = run.Run(cancellationToken);
            ResultOptions options = new(settings.Merges, settings.OlderNames);
            baseModel = run.Network.Name;
            written = RunResults.WriteAsync(
                settings.Output, settings.Model, run.Network, settings.Plan, run.Trained, options, cancellationToken)
                .GetAwaiter().GetResult();
            console.End(state);
        }

        string? adapter = written.FirstOrDefault(path => Path.GetFileName(path) == RunResults.AdapterFile);
        EvaluationReport? report = scores?.CompareAsync(adapter, console, cancellationToken).GetAwaiter().GetResult();
        return [.. written, .. new ModelCard(settings, baseModel, report).Write(written)];
    }

    private static void Report(string message) => Console.Error.WriteLine($"paligguf: {message.ReplaceLineEndings(" ")}");
}
