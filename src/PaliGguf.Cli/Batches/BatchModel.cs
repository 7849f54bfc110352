using System.Text;
using PaliGguf.Batch;
using PaliGguf.Batch.Runs;
using PaliGguf.Broker.Messages;
using PaliGguf.Cli.Evaluations;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Memory;

namespace PaliGguf.Cli.Batches;

/// <summary>How a model is loaded that answers about many pictures.</summary>
internal static class BatchModel
{
    // Room for what pictures ask themselves.
    private static readonly Question Unknown = Question.OfPrompt(new string('?', 512));

    /// <summary>Which model the settings name, as those who work together compare it.</summary>
    public static ModelFacts Facts(UserSettings settings, ModelLoader loader)
    {
        JournalHeader header = AnswerFacts.Header(
            settings, loader, "", "", new Dictionary<string, string>(StringComparer.Ordinal) { ["kv-type"] = settings.KvType?.Name ?? "" });
        return new ModelFacts(header.Model, header.Adapters, header.Options);
    }

    /// <summary>The options for a model that has room for some questions, and for others that are not known yet.</summary>
    public static ModelOptions Options(ModelLoader loader, AnswerOptions options)
    {
        // Lists may ask something else about any picture.
        Question[] questions = [.. options.Questions, Unknown];
        // Of one that is not known it is not known either whether it looks for something.
        long instances = options.Questions.Count == 0 ? options.Instances.MaxTokens : 0;
        long tokens = questions.Max(question => ModelLoader.MostTokens(question.Prompt) + (question.Labels is null
            ? Math.Max((long)options.Request.MaxTokens * options.Request.Beams, instances) : options.Instances.MaxTokens));
        ModelShape shape = ModelShape.Read(loader.Find());
        return loader.Options(images: 1, tokens, options.Request.Beams) with
        {
            PromptTokens = questions.Max(question => Encoding.UTF8.GetByteCount(question.Prompt)),
            Branches = options.Request.Beams - 1,
            Sequences = options.Sequences,
            SoftTokenCacheBytes = PictureAnswerer.CacheFor(
                options.Questions.Count == 0 ? 2 : options.Questions.Count, options.Sequences, shape.SoftTokenBytes),
        };
    }
}
