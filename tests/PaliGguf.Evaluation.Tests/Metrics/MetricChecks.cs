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
        ("METEOR 1.5", MeteorChecks.Fifteen),
        ("nltk word_tokenize of one sentence", MeteorChecks.Treebank),
        ("VQAv2 accuracy", AnswerChecks.Vqa),
        ("exact match, min(1, n/3) accuracy", AnswerChecks.Simple),
        ("exact match, Hugging Face evaluate", AnswerChecks.Exact),
        ("relaxed accuracy (ChartQA)", AnswerChecks.Relaxed),
        ("TallyQA, POPE, ScienceQA, RSVQA accuracies", AnswerChecks.CountingAndChoice),
        ("RefCOCO segmentation mIoU and box accuracy", ObjectChecks.Referring),
        ("COCO run-length masks", ObjectChecks.RunLengths),
        ("COCO detection AP/AR", ObjectChecks.Precision),
        ("Thai word segmentation, newmm", ThaiChecks.Newmm),
        ("newmm with a small custom dictionary", ThaiChecks.Newmm),
        ("the Thai caption card", ThaiChecks.Card),
        ("BERTScore P/R/F", BertChecks.Score),
    ];

    public static Action<MetricCase> Of(MetricCaseFile file) =>
        All.FirstOrDefault(entry => file.Metric.StartsWith(entry.Metric, StringComparison.Ordinal)).Check
        ?? throw new InvalidDataException($"{file.Name}: no check is known for the metric '{file.Metric}'.");
}
