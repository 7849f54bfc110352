using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Cli.Evaluations;

/// <summary>Writes masks and boxes as tokens.</summary>
internal sealed class TokensTask(Terminal terminal, UserSettings settings, ModelLoader loader)
{
    /// <param name="source">A mask or a data set.</param>
    /// <param name="label">What the mask shows; empty for nothing.</param>
    /// <param name="boxes">Whether to write boxes alone.</param>
    /// <param name="cancellationToken">Ends it early; what was printed is whole lines.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string source, string label, bool boxes, CancellationToken cancellationToken)
    {
        if (await MaskFile.ReadAsync(source, cancellationToken) is { } mask) await Task.Run(() => Print(source, mask, label, boxes), cancellationToken);
        else await PrintRowsAsync(source, boxes, cancellationToken);
        return ExitCode.Success;
    }

    private void Print(string source, MaskBitmap mask, string label, bool boxes)
    {
        PixelBox bounds = mask.Bounds ?? throw new PaliException($"{source}: the mask is empty: there is nothing to encode.");
        NormalizedBox box = bounds.ToNormalized(mask.Width, mask.Height);
        int[] codewords = boxes ? [] : Encoder().Encode(mask, box);
        string suffix = InstanceSuffix.Of(box, codewords, label);
        if (!settings.Json)
        {
            terminal.WriteLine(suffix);
            return;
        }

        double? kept = boxes ? null : Kept(mask, bounds, codewords);
        terminal.WriteJson(
            new TokensJson(suffix, box.ToBins(), codewords, [bounds.XMin, bounds.YMin, bounds.XMax, bounds.YMax], kept),
            EvaluationsJson.Default.TokensJson);
    }

    private async Task PrintRowsAsync(string source, bool boxes, CancellationToken cancellationToken)
    {
        await using SlowStatus status = new(terminal, "reading the data set");
        IReadOnlyList<EvaluationItem> items =
            await Task.Run(() => Dataset.Read(source, new DatasetOptions { Masks = !boxes }, cancellationToken), cancellationToken);
        MaskEncoder? encoder = boxes ? null : Encoder();
        Dictionary<string, int> leftOut = new(StringComparer.Ordinal);
        int done = 0;
        foreach (IGrouping<string, EvaluationItem> picture in items.GroupBy(item => item.Picture.Name, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            EvaluationItem first = picture.First();
            if (first.Expected.Size is not { } size)
                throw new PaliException($"{first.Origin}: the picture has no 'width' and 'height', which boxes in pixels need.");
            InstanceText text = await Task.Run(
                () => InstanceText.Of([.. picture.SelectMany(item => item.Expected.Objects ?? [])], size, encoder), cancellationToken);
            foreach (string reason in text.LeftOut) leftOut[reason] = leftOut.GetValueOrDefault(reason) + 1;
            if (text.Prefix.Length > 0)
                terminal.WriteJson(new TrainingRowJson(picture.Key, text.Prefix, text.Suffix), EvaluationsJson.Default.TrainingRowJson);
            done += picture.Count();
            status.Report("writing tokens", (double)done / items.Count);
        }

        foreach ((string reason, int count) in leftOut.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal))
            ErrorLine.Print($"left out {count} of the objects: {reason}");
    }

    private MaskEncoder Encoder()
    {
        string vision = loader.Find().Vision;
        return MaskEncoder.Read(vision) ?? throw new PaliException(
            $"{vision}: it has no mask encoder: convert the checkpoint again with --mask-decoder vae-oid.npz, or write boxes alone with --boxes.");
    }

    private double? Kept(MaskBitmap mask, PixelBox bounds, int[] codewords)
    {
        if (MaskDecoder.Read(loader.Find().Vision) is not { } decoder) return null;
        ReadOnlySpan<byte> before = mask.Pixels;
        ReadOnlySpan<byte> after = new Mask(decoder.Decode(codewords), bounds, mask.Width, mask.Height).ToImageBitmap().Pixels;
        long both = 0, either = 0;
        for (int i = 0; i < before.Length; i++)
        {
            both += before[i] & after[i];
            either += before[i] | after[i];
        }

        return either == 0 ? 0 : (double)both / either;
    }
}
