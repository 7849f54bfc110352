using System.CommandLine;
using PaliGguf.Cli.Models;
using PaliGguf.Evaluation.Samples;

namespace PaliGguf.Cli.Evaluations;

/// <summary>The options that choose pictures and prompts to evaluate a model on.</summary>
internal sealed class SampleOptions
{
    private readonly PathOption _images = new("--images") { Description = "The folder with the pictures.", HelpName = "DIR", Required = true };
    private readonly Option<string[]> _prompt = new("--prompt") { Description = "A prompt for every picture; may be given several times. Default: caption, describe and ocr.", HelpName = "TEXT" };
    private readonly PathOption _prompts = new("--prompts")
    {
        Description = "A file with one prompt per line for every picture, or JSON lines, {\"image\": \"a.jpg\", \"prompt\": \"caption en\"}.",
        HelpName = "FILE",
    };

    private readonly Option<int?> _limit = new("--limit") { Description = "Take only the first N pictures.", HelpName = "N" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_images, _prompt, _prompts, _limit]) command.Add(option);
    }

    /// <exception cref="UsageException">The options contradict each other, or one is out of range.</exception>
    public SampleChoice Read(ParseResult parse)
    {
        SampleChoice choice = new(parse.GetRequiredValue(_images), parse.GetValue(_prompt) ?? [], parse.GetValue(_prompts), parse.GetValue(_limit));
        if (choice is { Prompts.Count: > 0, PromptFile: not null }) throw new UsageException("--prompt and --prompts exclude each other.");
        if (choice.Limit < 1) throw new UsageException($"--limit {choice.Limit} is too few pictures; expected 1 or more.");
        return choice;
    }
}

/// <summary>Pictures and prompts as the command line names them.</summary>
internal sealed record SampleChoice(string Folder, IReadOnlyList<string> Prompts, string? PromptFile, int? Limit)
{
    public IReadOnlyList<EvaluationSample> Find(string language, CancellationToken cancellationToken)
    {
        IReadOnlyList<EvaluationSample> samples = PromptFile is not null
            ? EvaluationSamples.FromFile(Folder, PromptFile, cancellationToken)
            : EvaluationSamples.FromFolder(Folder, Prompts.Count > 0 ? Prompts : EvaluationSamples.DefaultPrompts(language), cancellationToken);
        return Limit is { } limit ? EvaluationSamples.Limit(samples, limit) : samples;
    }

    /// <summary>How many tokens a prompt and its answer have together, at most.</summary>
    public static long TextTokens(IReadOnlyList<EvaluationSample> samples, int maxTokens) => samples.Max(sample => ModelLoader.MostTokens(sample.Prompt)) + maxTokens;
}
