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
    // A box of a score below it is more likely wrong than right.
    private const float Doubtful = 0.1f;

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
        if (drawing is not null) await Task.Run(() => InstanceDrawing.Of(images[0], found).Save(drawing), cancellationToken);
        if (settings.Json) terminal.WriteJson(InstancesJson.From(result, found), CliJson.Default.InstancesJson);
        else Print(result, found, labels);
        return ExitCode.Success;
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
        foreach (string list in labels.Where(label => label.Contains(',') && !found.Any(one => one.Label == label && one.Score >= Doubtful)))
            ErrorLine.Print($"'{list}' was looked for as one thing; several are separated by ';', as in \"cat ; dog\".");
    }
}
