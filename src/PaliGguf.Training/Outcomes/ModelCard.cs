using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PaliGguf.Evaluation.Reports;
using PaliGguf.Evaluation.Reports.Pages;
using PaliGguf.Training.Results;
using PaliGguf.Training.Runs;
using PaliGguf.Training.Tuning;

namespace PaliGguf.Training.Outcomes;

/// <summary>
/// The model card: what was trained, of what, on what, how, and what came of it, in the form of Hugging Face's hub. Files are named without
/// their folders, and what names hold stays text.
/// </summary>
/// <param name="settings">The run.</param>
/// <param name="baseModel">What the model that was trained calls itself.</param>
/// <param name="scores">The scores before and after; null where they were not asked for.</param>
internal sealed partial class ModelCard(TrainingSettings settings, string baseModel, EvaluationReport? scores)
{
    private const string FileName = "README.md";
    private const int LongestName = 200;

    /// <summary>Writes the cards of what is in a run's folder: the adapter's, and that of a pair.</summary>
    /// <param name="written">What was written there.</param>
    /// <returns>The cards.</returns>
    /// <exception cref="PaliException">One can not be written.</exception>
    public IReadOnlyList<string> Write(IReadOnlyList<string> written)
    {
        List<string> cards = [];
        bool hasAdapter = written.Any(path => Path.GetFileName(path) == RunResults.AdapterFile);
        if (written.FirstOrDefault(path => Path.GetFileName(path) == RunResults.PeftFolder) is { } peft)
        {
            cards.Add(Save(Path.Combine(peft, FileName), Text(["library_name: peft"], ["lora"], hasAdapter ? AdapterUse : PeftUse)));
        }

        string pair = Path.Combine(settings.Output, Path.GetFileName(settings.Model.Text));
        if (written.Contains(pair, StringComparer.Ordinal))
        {
            cards.Add(Save(Path.Combine(settings.Output, FileName), Text(["base_model_relation: finetune"], ["gguf"], PairUse)));
        }

        return cards;
    }

    private static string Save(string path, string text)
    {
        PendingFile.Write(path, Encoding.UTF8.GetBytes(text));
        return path;
    }

    private string Text(IEnumerable<string> fields, IEnumerable<string> tags, string use)
    {
        string kind = settings.Plan.Method == TuningMethod.Lora ? "a LoRA adapter for" : "tuned from";
        string[] head =
        [
            "---", $"base_model: {BaseModel}", .. fields, "pipeline_tag: image-text-to-text", "tags:",
            .. tags.Append("paligemma").Select(tag => $"- {tag}"), "---", "",
        ];
        string[] parts =
        [
            $"# {Plain(Path.GetFileName(Path.GetFullPath(settings.Output)))}",
            $"This is {kind} {Code(baseModel)}, trained by `paligguf train`.",
            "## Use", use,
            "## Data", Data(),
            "## Results", Results(),
            "## Settings", Table(["setting", "value"], RunFacts.Read(settings.Output).Select(fact => new[] { fact.Key, Code(fact.Value) })),
        ];
        return string.Join('\n', head) + string.Join("\n\n", parts) + "\n";
    }

    // The hub takes names of its own form only; what Google calls its checkpoints is there under that name.
    private string BaseModel => PublishedName.IsMatch(baseModel)
        ? $"google/{baseModel}"
        : OtherThanName.Replace(baseModel, "-").Trim('-', '.');

    [GeneratedRegex("^paligemma2?-(3|10|28)b-(pt|mix)-(224|448|896)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex PublishedName { get; }

    [GeneratedRegex("[^A-Za-z0-9._-]+", RegexOptions.CultureInvariant)]
    private static partial Regex OtherThanName { get; }

    private string PeftUse =>
        $"""
        ```python
        from peft import PeftModel
        from transformers import AutoProcessor, PaliGemmaForConditionalGeneration

        checkpoint = "..."  # the one that the model file below was made of
        base = PaliGemmaForConditionalGeneration.from_pretrained(checkpoint)
        model = PeftModel.from_pretrained(base, "{RunResults.PeftFolder}")
        processor = AutoProcessor.from_pretrained(checkpoint)
        ```
        """;

    private string AdapterUse =>
        $"""
        With transformers and PEFT:

        {PeftUse}

        With PaliGguf, on the very files that it was trained on:

        ```
        paligguf generate --image photo.jpg --prompt "..." --model {TextName} --lora {RunResults.AdapterFile}
        ```
        """;

    private string PairUse =>
        $"""
        ```
        paligguf generate --image photo.jpg --prompt "..." --model {TextName}
        ```
        """;

    private string TextName => Plain(Path.GetFileName(settings.Model.Text)).Replace(' ', '_');

    private string Data()
    {
        string trained = $"Trained on {Code(Name(settings.Data))}";
        return settings.Validation is { } validation
            ? $"{trained}, measured by {Code(Name(validation))}. The model files are {Files()}."
            : $"{trained}; nothing else was kept to measure by. The model files are {Files()}.";
    }

    private string Files()
    {
        IReadOnlyDictionary<string, string> facts = RunFacts.Read(settings.Output);
        string Fingerprint(string name) => facts.GetValueOrDefault(name, "unknown");
        return $"{Code(Path.GetFileName(settings.Model.Text))} (fingerprint {Code(Fingerprint("model"))}) and "
            + $"{Code(Path.GetFileName(settings.Model.Vision))} ({Code(Fingerprint("vision"))})";
    }

    private string Results()
    {
        RunSummary sum = RunSummary.Read(settings.Output);
        List<string[]> rows = [];
        if (sum is { First: { } first, Last: { } last })
        {
            rows.Add(["loss of the first step", Numbers.Value(first.Loss), Step(first.Step)]);
            rows.Add(["loss of the last step", Numbers.Value(last.Loss), Step(last.Step)]);
        }

        if (sum.Before is { } before) rows.Add(["validation loss before", Numbers.Value(before.Loss), Step(before.Step)]);
        if (sum.Best is { } best) rows.Add(["validation loss, the best: these weights", Numbers.Value(best.Loss), Step(best.Step)]);
        string losses = Table(["", "loss", "step"], rows);
        if (scores is null) return losses;
        string told = $"The validation data, by `paligguf eval --task {scores.Task}`, {Numbers.Count(scores.Answers)} answers. "
            + $"Intervals hold {Numbers.Percent(scores.Options.Level)}, by bootstrap over items.";
        return $"{losses}\n\n{told}\n\n{Table(ReportTable.Head(scores), scores.Values.Select(value => ReportTable.Row(scores, value)))}";
    }

    private static string Table(IReadOnlyList<string> head, IEnumerable<string[]> rows) => string.Join('\n', (string[])
    [
        Row(head), Row(head.Select(_ => "---")), .. rows.Select(Row),
    ]);

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Name(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));

    private static string Step(long step) => step.ToString(CultureInfo.InvariantCulture);

    private static string Code(string text) => $"`{Plain(text)}`";

    // What would end a code, a cell or a line.
    private static string Plain(string text) => string.Concat(Evaluation.Reports.Pages.Text.Short(text, LongestName)
        .Select(c => char.IsControl(c) ? ' ' : c is '`' or '|' or '<' or '>' ? '_' : c));
}
