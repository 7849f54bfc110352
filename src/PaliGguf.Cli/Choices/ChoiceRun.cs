using System.Globalization;
using System.Text;
using PaliGguf.Cli.Drawings;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Language;

namespace PaliGguf.Cli.Choices;

/// <summary>Loads the model and the picture, and prints how probable each of some answers is.</summary>
internal sealed class ChoiceRun(Terminal terminal, UserSettings settings, ModelLoader loader)
{
    /// <summary>Compares answers to a prompt.</summary>
    /// <param name="picture">The picture's file.</param>
    /// <param name="prompt">The prompt as the model sees it.</param>
    /// <param name="candidates">The answers.</param>
    /// <param name="drawing">The file to draw the picture with the most probable answer into; null for none.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string picture, string prompt, IReadOnlyList<string> candidates, string? drawing, CancellationToken cancellationToken)
    {
        if (drawing is not null) DrawingFile.Check(drawing);
        // With room for all candidates, they can be decoded side by side.
        long textTokens = ModelLoader.MostTokens(prompt) + candidates.Sum(candidate => (long)Encoding.UTF8.GetByteCount(candidate));
        ModelOptions options = loader.Options(images: 1, textTokens) with { SoftTokenCacheBytes = 0 };
        await using ModelSession session = ModelSession.Start(loader, options, PictureSource.Files([picture]), cancellationToken);
        (PaliModel model, RgbImage[] images) = await session.ReadyAsync(cancellationToken);
        IReadOnlyList<Choice> choices = await model.ChooseAsync(images, prompt, candidates, cancellationToken: cancellationToken);
        if (drawing is not null) await Task.Run(() => ChoiceDrawing.Of(images[0], Best(choices)).Save(drawing), cancellationToken);
        if (settings.Json) terminal.WriteJson(ChoicesJson.From(choices), CliJson.Default.ChoicesJson);
        else Print(choices);
        return ExitCode.Success;
    }

    private void Print(IReadOnlyList<Choice> choices)
    {
        Choice best = Best(choices);
        foreach (Choice choice in choices)
        {
            string probability = choice.Probability.ToString("0.000", CultureInfo.InvariantCulture);
            terminal.WriteLine($"{(ReferenceEquals(choice, best) ? '*' : ' ')} {probability}  {PlainText.Line(choice.Text)}");
        }
    }

    private static Choice Best(IReadOnlyList<Choice> choices) => choices.MaxBy(choice => choice.LogLikelihood)!;
}
