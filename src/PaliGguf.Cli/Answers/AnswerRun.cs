using PaliGguf.Cli.Drawings;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Language;

namespace PaliGguf.Cli.Answers;

/// <summary>Loads the model and the pictures, asks once, prints the answer.</summary>
internal sealed class AnswerRun(Terminal terminal, UserSettings settings, ModelLoader loader)
{
    /// <summary>Answers a prompt.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="prompt">Makes the prompt of the language that is set.</param>
    /// <param name="stop">Texts that end the answer.</param>
    /// <param name="sheet">The file to draw the pictures into as one sheet; null for none.</param>
    /// <param name="cancellationToken">Ends it early; what there is then is printed.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(
        PictureSource pictures, Func<string, string> prompt, IReadOnlyList<string> stop, string? sheet, CancellationToken cancellationToken)
    {
        if (sheet is not null) DrawingFile.Check(sheet);
        GenerationRequest request = settings.Request(prompt(settings.Lang), stop);
        await using ModelSession session = ModelSession.Start(loader, loader.Options(pictures.Most, request), pictures, cancellationToken);
        try
        {
            (PaliModel model, RgbImage[] images) = await session.ReadyAsync(cancellationToken);
            if (sheet is not null) await Task.Run(() => FrameSheet.Save(images, sheet), cancellationToken);
            GenerationResult result = await terminal.WriteAsync(model.GenerateAsync(request with { Images = images }, cancellationToken), settings.Json);
            return result.FinishReason == FinishReason.Cancelled ? ExitCode.Interrupted : ExitCode.Success;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (settings.Json) terminal.WriteJson(AnswerJson.Interrupted, CliJson.Default.AnswerJson);
            return ExitCode.Interrupted;
        }
    }
}
