using PaliGguf.Batch;
using PaliGguf.Batch.Runs;
using PaliGguf.Broker.Messages;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Language;

namespace PaliGguf.Broker.Tests.Messages;

/// <summary>A model, questions and messages as a job has them.</summary>
internal static class Sample
{
    public static ModelFacts Model { get; } = new(
        new JournalModel("nano", "0123456789abcdef", "fedcba9876543210"), [new JournalAdapter("thai", 0.5f, "0011223344556677")],
        new Dictionary<string, string>(StringComparer.Ordinal) { ["kv-type"] = "" });

    public static ModelFacts OtherModel { get; } = Model with { Model = Model.Model with { Text = "ffffffffffffffff" } };

    public static Question[] Questions { get; } = [Question.OfTask("caption"), Question.OfTask("detect cat ; dog"), Question.OfPrompt("ocr")];

    public static AnswerOptions Options { get; } = new([Question.OfTask("caption")])
    {
        Request = new GenerationRequest { Prompt = "", MaxTokens = 17, Stop = ["."], Sampling = new SamplingOptions { Temperature = 0.5f, Seed = 3 } },
        Instances = new Tasks.DetectionOptions { MinScore = 0.25f, NonMaximumSuppression = 0.5f },
        Probabilities = true,
    };

    public static string Key { get; } = new ItemKeys(Model, AnswerTerms.Of(Options), "").Of("a", Questions);

    public static ItemMessage Item { get; } = new(
        MessageJson.Version, Key, Model, AnswerTerms.Of(Options), new PictureReference("a.png") { Inline = 3 },
        [.. Questions.Select(QuestionMessage.Of)]);
}
