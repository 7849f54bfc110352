using System.Globalization;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Language;

namespace PaliGguf.Cli.Evaluations;

/// <summary>What answers depend on, as journals keep it: a run that would answer otherwise does not go on with them.</summary>
internal static class AnswerFacts
{
    /// <summary>How answers are made, by the names of the command line.</summary>
    public static SortedDictionary<string, string> Options(UserSettings settings, GenerationRequest request)
    {
        SortedDictionary<string, string> options = new(StringComparer.Ordinal)
        {
            ["max-tokens"] = Text($"{request.MaxTokens}"),
            ["beams"] = Text($"{request.Beams}"),
            ["ignore-eos"] = Text($"{request.IgnoreEos}"),
            ["kv-type"] = settings.KvType?.Name ?? "",
        };
        if (request.Sampling.Temperature > 0) options["sampling"] = request.Sampling.ToString();
        return options;
    }

    /// <summary>The header of a journal.</summary>
    public static JournalHeader Header(
        UserSettings settings, ModelLoader loader, string task, string dataset, IReadOnlyDictionary<string, string> options)
    {
        ModelFiles files = loader.Find();
        JournalModel model = new(
            Path.GetFileNameWithoutExtension(files.Text), FileFingerprint.Of(files.Text), FileFingerprint.Of(files.Vision));
        JournalAdapter[] adapters =
            [.. settings.Lora.Select(adapter => new JournalAdapter(adapter.Name, adapter.Scale, FileFingerprint.Of(adapter.Path)))];
        return new JournalHeader(task, dataset, model, adapters, options);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
