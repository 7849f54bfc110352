using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Imaging;
using PaliGguf.Imaging.Frames;
using PaliGguf.Language;
using PaliGguf.Tasks;

namespace PaliGguf.Cli.Answers;

/// <summary>Asks the same about each of many pictures. While some answers are decoded, the next pictures are read and looked at.</summary>
internal sealed class EachRun(Terminal terminal, UserSettings settings, ModelLoader loader)
{
    private const int MostSequences = 256;

    /// <param name="pictures">Files and folders.</param>
    /// <param name="prompt">The prompt; null for that of a caption.</param>
    /// <param name="stop">Texts that end an answer.</param>
    /// <param name="sequences">How many answers are decoded side by side, 1 to 256.</param>
    /// <param name="cancellationToken">Ends it; the lines that are printed stay.</param>
    /// <returns>The exit code: a failure if there was one with any picture.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> pictures, string? prompt, IReadOnlyList<string> stop, int sequences, CancellationToken cancellationToken)
    {
        if (sequences is < 1 or > MostSequences) throw new UsageException($"{sequences} sequences are out of range; expected 1 to {MostSequences}.");
        GenerationRequest request = settings.Request(prompt ?? Prompts.Caption(settings.Lang), stop);
        List<string> files = [.. pictures.SelectMany(name => Files(name, cancellationToken))];
        ModelOptions options = loader.Options(images: 1, request) with { Sequences = Math.Min(sequences, files.Count) };
        await using PaliModel model = await loader.LoadAsync(options, cancellationToken);
        ImageLimits limits = settings.PictureLimits;
        bool failed = false;
        await foreach (EachOutcome<string> outcome in model.AnswerEachAsync(files, request, OpenAsync, cancellationToken))
        {
            failed |= outcome.Result is null;
            Write(outcome);
        }

        return failed ? ExitCode.Failure : ExitCode.Success;

        async ValueTask<RgbImage> OpenAsync(string file, CancellationToken cancellation) =>
            await ImageFile.LoadAsync(PicturePath.Of(file), limits, cancellation);
    }

    private static IEnumerable<string> Files(string name, CancellationToken cancellationToken) =>
        LocalName.Of(name) is { Problem: null, Path: var path } && Directory.Exists(path) ? PictureFolder.Files(path, cancellationToken) : [name];

    private void Write(EachOutcome<string> outcome)
    {
        if (settings.Json)
        {
            string? error = outcome.Failure is { } failure ? ErrorLine.Message(failure) : null;
            terminal.WriteJson(new EachJson(outcome.Item, outcome.Result is { } result ? AnswerJson.From(result) : null, error),
                AnswersJson.Default.EachJson);
        }
        else if (outcome.Result is { } answer)
        {
            terminal.WriteLine($"{PlainText.Line(outcome.Item)}\t{PlainText.Line(answer.Text)}");
        }
        else
        {
            ErrorLine.Print(ErrorLine.Message(outcome.Failure!));
        }
    }
}
