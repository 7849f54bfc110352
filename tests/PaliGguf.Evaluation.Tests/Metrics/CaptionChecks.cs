using System.Text.Json;
using PaliGguf.Evaluation.Metrics.Captions;

namespace PaliGguf.Evaluation.Tests.Metrics;

internal static class CaptionChecks
{
    public static void Tokens(MetricCase item)
    {
        // The original got all texts of the file at once.
        string following = item.File.Cases.SkipWhile(other => other != item).Skip(1).Select(other => other.Text("text"))
            .FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? "";
        item.Expect("ptb", () => CaptionTokenizer.Instance.Tokenize(item.Text("text"), following));
        item.Expect("caption", () => CaptionTokenizer.Instance.Normalize(item.Text("text"), following));
    }

    public static void Cider(MetricCase item)
    {
        CaptionScore score = PaliGguf.Evaluation.Metrics.Captions.Cider.Score(Corpus(item));
        item.Expect("score", () => score.Score);
        item.Expect("per_image", () => score.PerPicture);
    }

    public static void Bleu(MetricCase item)
    {
        CocoBleuScore score = CocoBleu.Score(Corpus(item));
        item.Expect("bleu_1_to_4", () => score.Scores);
        item.Expect("per_image", () => score.PerPicture);
    }

    public static void RougeL(MetricCase item)
    {
        CaptionScore score = CocoRougeL.Score(Corpus(item));
        item.Expect("score", () => score.Score);
        item.Expect("per_image", () => score.PerPicture);
    }

    private static CaptionCorpus Corpus(MetricCase item)
    {
        JsonElement[] pictures = [.. item["images"].EnumerateArray()];
        string[] predictions = [.. pictures.Select(picture => picture.GetProperty("hypothesis").GetString()!)];
        string[][] references = [.. pictures.Select(picture => picture.GetProperty("references").Texts())];
        CaptionCorpus corpus = item.Text("tokenizer") switch
        {
            "ptb" => CaptionCorpus.Create(predictions, references),
            "none" => CaptionCorpus.FromTokens(predictions, references),
            string other => throw new InvalidDataException($"No tokenizer is called '{other}'."),
        };

        for (int i = 0; i < pictures.Length; i++)
        {
            Expected.Equal(pictures[i].GetProperty("hypothesis_tokens"), corpus.Predictions[i], "hypothesis_tokens");
            Expected.Equal(pictures[i].GetProperty("reference_tokens"), corpus.References[i], "reference_tokens");
        }

        return corpus;
    }
}
