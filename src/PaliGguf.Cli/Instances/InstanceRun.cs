using System.Globalization;
using PaliGguf.Cli.Drawings;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Tasks;

namespace PaliGguf.Cli.Instances;

/// <summary>Loads the model and the picture, looks for things, prints and draws what was found.</summary>
internal sealed class InstanceRun(Terminal terminal, UserSettings settings, ModelLoader loader)
{
    /// <summary>Looks for things.</summary>
    /// <param name="picture">The picture's file.</param>
    /// <param name="labels">What to look for.</param>
    /// <param name="masks">Whether their shapes are wanted too.</param>
    /// <param name="drawing">The file to draw what was found into; null for none.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(
        string picture, IReadOnlyList<string> labels, bool masks, string? drawing, CancellationToken cancellationToken)
    {
        if (labels.Count == 0) throw new UsageException("there is nothing to look for: no label is given.");
        if (drawing is not null) DrawingFile.Check(drawing);
        DetectionOptions wanted = settings.Instances;
        long promptTokens = ModelLoader.MostTokens(masks ? Prompts.Segment(labels) : Prompts.Detect(labels));
        // Several labels may be asked for one after the other: the vision tower looks at the picture once for all of them.
        ModelOptions options = loader.Options(images: 1, promptTokens + wanted.MaxTokens) with
        {
            SoftTokenCacheBytes = labels.Count > 1 ? ModelOptions.OnePicture : 0,
        };
        await using ModelSession session = ModelSession.Start(loader, options, PictureSource.Files([picture]), cancellationToken);
        (PaliModel model, RgbImage[] images) = await session.ReadyAsync(cancellationToken);
        (InstanceResult result, IReadOnlyList<Detection> found) =
            await model.FindAsync(images[0], labels, masks, wanted, cancellationToken);

        // Nothing is printed when the drawing fails, and no other program mistakes half a success for one.
        if (drawing is not null) await DrawAsync(images[0], found, drawing, cancellationToken);
        if (settings.Json) terminal.WriteJson(InstancesJson.From(result, found), CliJson.Default.InstancesJson);
        else Print(result, found, labels);
        return ExitCode.Success;
    }

    private async Task DrawAsync(RgbImage picture, IReadOnlyList<Detection> found, string drawing, CancellationToken cancellationToken)
    {
        await Task.Run(() => InstanceDrawing.Of(picture, found, settings.MinScoreIfSet).Save(drawing), cancellationToken);
        int faint = settings.MinScoreIfSet is null ? found.Count(one => one.Score < InstanceDrawing.LeastScore) : 0;
        string limit = InstanceDrawing.LeastScore.ToString(CultureInfo.InvariantCulture);
        if (faint > 0) ErrorLine.Print($"not drawn: {faint} of a score below {limit} (--min-score 0 draws all).");
    }

    private void Print(InstanceResult result, IReadOnlyList<Detection> found, IReadOnlyList<string> labels)
    {
        int width = found.Select(instance => PlainText.Line(instance.Label).Length).DefaultIfEmpty().Max();
        foreach (Detection instance in found)
        {
            PixelBox box = instance.Box;
            terminal.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{PlainText.Line(instance.Label).PadRight(width)}  {instance.Score:0.000}  "
                + $"{box.XMin:0} {box.YMin:0} {box.XMax:0} {box.YMax:0}"));
        }

        foreach (RejectedPart part in result.Rejected) ErrorLine.Print($"left out '{part.Text}': {part.Explanation}");
        if (found.Count == 0 && !result.Rejected.Any()) ErrorLine.Print("nothing was found.");
        IEnumerable<string> seen = found.Where(one => one.Score >= InstanceDrawing.LeastScore).Select(one => one.Label);
        foreach (string list in labels.Where(label => label.Contains(',')).Except(seen))
            ErrorLine.Print($"'{list}' was looked for as one thing; several are separated by ';', as in \"cat ; dog\".");
    }
}
