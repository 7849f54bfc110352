using System.Globalization;
using System.Text.Json;
using PaliGguf.Evaluation.Metrics.Answers;

namespace PaliGguf.Evaluation.Tests.Metrics;

internal static class AnswerChecks
{
    public static void Vqa(MetricCase item)
    {
        string prediction = item.Text("prediction");
        string[] answers = item.Texts("answers");
        if (item["accuracy"].IsError())
        {
            item.ExpectError("accuracy", () => VqaAccuracy.Score([prediction], [answers]));
            return;
        }

        item.Expect("accuracy", () => VqaAccuracy.Score([prediction], [answers]).Score);
        item.Expect("used", () => VqaAccuracy.Prepare(prediction, answers).Prediction);
        item.Expect("normalized_always", () => VqaNormalization.Normalize(VqaNormalization.Strip(prediction)));
        if (item == item.File.Cases[0] && item.File.Root.TryGetProperty("summary", out JsonElement summary)) Summary(item.File, summary);
    }

    public static void Simple(MetricCase item)
    {
        string[] prediction = [item.Text("prediction")];
        string[][] answers = [item.Texts("answers")];
        item.Expect("as_is", () => Fields(prediction, answers, ignoreCase: false));
        item.Expect("lower", () => Fields(prediction, answers, ignoreCase: true));
        item.Expect("single_answer_lower", () => new Dictionary<string, object>(Fields(prediction, answers, ignoreCase: true))
        {
            ["acc"] = AnswerAccuracy.ScoreAny(prediction, answers, ignoreCase: true).Score,
        });
        item.ExpectEach("anls_lower_by_theta", theta => Anls.Score(
            prediction, answers, new AnlsOptions { Threshold = double.Parse(theta, CultureInfo.InvariantCulture) }).Score);
    }

    public static void Exact(MetricCase item)
    {
        bool many = item.Has("predictions");
        string[] predictions = many ? item.Texts("predictions") : [item.Text("prediction")];
        string[] references = many ? item.Texts("references") : [item.Text("reference")];
        ExactMatchOptions all = new() { IgnoreCase = true, IgnorePunctuation = true, IgnoreNumbers = true };
        Expect("default", new ExactMatchOptions());
        Expect("ignore_case", new ExactMatchOptions { IgnoreCase = true });
        Expect("ignore_punctuation", new ExactMatchOptions { IgnorePunctuation = true });
        Expect("ignore_numbers", new ExactMatchOptions { IgnoreNumbers = true });
        Expect("all", all);
        Expect("regex_the_space", new ExactMatchOptions { Ignored = ["the "] });

        void Expect(string name, ExactMatchOptions options) =>
            item.Expect(name, () => ExactMatch.Score(predictions, references, options).Score);
    }

    public static void Relaxed(MetricCase item)
    {
        string[] prediction = [item.Text("prediction")];
        string[] answer = [item.Text("answer")];
        item.Expect("acc", () => AnswerAccuracy.ScoreAny(prediction, [answer], ignoreCase: true).Score);
        item.Expect("relaxed", () => RelaxedAccuracy.Score(prediction, answer).Score);
        item.Expect("relaxed_case_sensitive", () => RelaxedAccuracy.Score(prediction, answer, ignoreCase: false).Score);
        item.Expect("parsed", () => new[] { RelaxedAccuracy.Number(prediction[0]), RelaxedAccuracy.Number(answer[0]) });
    }

    public static void CountingAndChoice(MetricCase item)
    {
        string evaluator = item.Has("evaluator") ? item.Text("evaluator") : item.Id.Split('-')[0];
        Action<MetricCase> check = evaluator switch
        {
            "tally" or "tallyqa" => Tally,
            "pope" => Yes,
            "science_qa" => Choice,
            "rsvqa" => Aerial,
            _ => throw new InvalidDataException($"{item.File.Name}: no check is known for the evaluator '{evaluator}'."),
        };
        check(item);
    }

    private static void Tally(MetricCase item)
    {
        MetricCase[] members = item.Has("members") ? [.. item.Texts("members").Select(item.File.Find)] : [item];
        TallyScore score = TallyQa.Score(
            [.. members.Select(member => member.Text("prediction"))],
            [.. members.Select(member => member.Text("answer"))],
            [.. members.Select(member => member["issimple"].GetInt32() is int kind && kind >= 0 ? kind == 1 : (bool?)null)]);
        Dictionary<string, object> fields = new() { ["acc"] = score.Score, ["num"] = score.PerAnswer.Count };
        foreach ((int count, AnswerScore part) in score.ByCount) Add($"count_{count}", part);
        Add("simple", score.Simple);
        Add("complex", score.Complex);
        // The original throws for other counts; here they are in no bucket.
        if (item["result"].TryGetProperty("error", out JsonElement error)) fields["error"] = error.GetString()!;
        item.Expect("result", () => fields);

        void Add(string name, AnswerScore? part)
        {
            if (part is null) return;
            fields["acc/" + name] = part.Score;
            fields["num/" + name] = part.PerAnswer.Count;
        }
    }

    private static void Yes(MetricCase item)
    {
        PopeScore score = Pope.Score([item.Text("prediction")], [item.Text("answer")]);
        item.Expect("result", () => new Dictionary<string, object>
        {
            ["acc"] = score.Score,
            ["valid_percent"] = score.Valid,
            ["num"] = score.PerAnswer.Count,
        });
    }

    private static void Choice(MetricCase item)
    {
        ScienceQaScore score = ScienceQa.Score([item.Text("prediction")], [item.Text("answer")]);
        item.Expect("extracted", () => ScienceQa.Letter(item.Text("prediction"))?.ToString() ?? "failed");
        item.Expect("result", () => new Dictionary<string, object>
        {
            ["acc"] = score.Score,
            ["parsefail"] = score.Unread,
            ["num"] = score.PerAnswer.Count,
        });
    }

    private static void Aerial(MetricCase item)
    {
        JsonElement[] items = [.. item["items"].EnumerateArray()];
        string[] predictions = [.. items.Select(each => each.GetProperty("prediction").GetString()!)];
        string[][] answers = [.. items.Select(each => each.GetProperty("answers").Texts())];
        string[] types = [.. items.Select(each => each.GetProperty("question_type").GetString()!)];
        bool ignoreCase = item["to_lower"].GetBoolean();
        RsvqaScore score = Rsvqa.Score(predictions, answers, types, ignoreCase);
        Dictionary<string, object> fields = new()
        {
            ["acc"] = AnswerAccuracy.Score(predictions, answers, ignoreCase).Score,
            ["acc_any"] = score.Score,
            ["anls"] = Anls.Score(predictions, answers, new AnlsOptions { IgnoreCase = ignoreCase }).Score,
            ["acc_avg"] = score.MeanOfTypes,
            ["num"] = score.PerAnswer.Count,
        };
        foreach ((string type, AnswerScore part) in score.ByType) fields["acc_" + type] = part.Score;
        // The original gives both under one name, and the second remains.
        if (score.HighResolution is { } mean) fields["acc_avg_nonum"] = mean;
        item.Expect("result", () => fields);
    }

    private static void Summary(MetricCaseFile file, JsonElement summary)
    {
        VqaScore score = VqaAccuracy.Score(
            [.. file.Cases.Select(item => item.Text("prediction"))],
            [.. file.Cases.Select(item => item.Texts("answers"))],
            [.. file.Cases.Select(item => item.Text("answer_type"))]);
        Dictionary<string, object> fields = new() { ["acc"] = score.Score, ["num"] = score.PerAnswer.Count };
        foreach ((string type, AnswerScore part) in score.ByType)
        {
            string name = type.Replace("/", "");
            fields["acc/" + name] = part.Score;
            fields["num/" + name] = part.PerAnswer.Count;
        }

        Expected.Equal(summary.GetProperty("big_vision"), fields, "summary");
    }

    private static Dictionary<string, object> Fields(string[] prediction, string[][] answers, bool ignoreCase) => new()
    {
        ["acc"] = AnswerAccuracy.Score(prediction, answers, ignoreCase).Score,
        ["acc_any"] = AnswerAccuracy.ScoreAny(prediction, answers, ignoreCase).Score,
        ["anls"] = Anls.Score(prediction, answers, new AnlsOptions { IgnoreCase = ignoreCase }).Score,
    };
}
