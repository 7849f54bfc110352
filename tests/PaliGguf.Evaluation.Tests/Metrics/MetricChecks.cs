namespace PaliGguf.Evaluation.Tests.Metrics;

/// <summary>How the cases of each kind of file are checked.</summary>
internal static class MetricChecks
{
    private static readonly (string Metric, Action<MetricCase> Check)[] All =
    [
        ("PTB tokenization of captions", CaptionChecks.Tokens),
        ("CIDEr", CaptionChecks.Cider),
        ("BLEU-1..4, COCO captions", CaptionChecks.Bleu),
        ("ROUGE-L, COCO captions", CaptionChecks.RougeL),
        ("BLEU, sacrebleu", BleuChecks.Sacre),
        ("BLEU, Hugging Face evaluate", BleuChecks.HuggingFace),
        ("BLEU, nltk", BleuChecks.Nltk),
        ("corpus BLEU", BleuChecks.Corpus),
        ("ROUGE-1/2/L/Lsum, rouge_score", RougeChecks.Google),
        ("Porter stemmer", RougeChecks.Porter),
        ("METEOR, nltk", MeteorChecks.Nltk),
        ("nltk word_tokenize of one sentence", MeteorChecks.Treebank),
    ];

    public static Action<MetricCase> Of(MetricCaseFile file) =>
        All.FirstOrDefault(entry => file.Metric.StartsWith(entry.Metric, StringComparison.Ordinal)).Check
        ?? throw new InvalidDataException($"{file.Name}: no check is known for the metric '{file.Metric}'.");
}
