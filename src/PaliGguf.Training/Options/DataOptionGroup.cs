using System.CommandLine;
using PaliGguf.Training.Examples;
using PaliGguf.Training.Runs;

namespace PaliGguf.Training.Options;

/// <summary>How examples are read.</summary>
internal sealed class DataOptionGroup : IOptionGroup
{
    private readonly Option<string?> _prompt = OptionForms.Text(
        "--prompt", "TEXT",
        "The prompt of every example: {lang}, {question} and {labels} stand for theirs. Default: the examples' own, or 'caption {lang}'.");

    private readonly Option<string?> _task = OptionForms.Text(
        "--task", "NAME", "The task of 'paligguf eval' whose prompt examples without one get.");

    private readonly Option<string> _language = OptionForms.Text("--lang", "CODE", "en", "The language of prompts.");
    private readonly Option<bool> _masks = OptionForms.Switch("--masks", "Of COCO's objects and the like: learn masks beside boxes.");

    private readonly Option<string?> _images = OptionForms.Text(
        "--images", "DIR", "The folder with the pictures. Default: that of the file.");

    private readonly Option<string?> _annotations = OptionForms.Text(
        "--annotations", "FILE", "The answers, where the data set has the questions alone (VQAv2).");

    private readonly Option<string> _split = OptionForms.Text("--split", "NAME", "train", "The part of a folder.");
    private readonly Option<int?> _limit = OptionForms.Number<int>("--limit", "Only the first examples.");

    /// <inheritdoc/>
    public IReadOnlyList<Option> All => [_prompt, _task, _language, _masks, _images, _annotations, _split, _limit];

    /// <inheritdoc/>
    public TrainingSettings Apply(ParseResult parse, TrainingSettings settings) => settings with
    {
        DataOptions = new DataOptions
        {
            Prompt = parse.GetValue(_prompt),
            Task = parse.GetValue(_task),
            Language = parse.GetRequiredValue(_language),
            Masks = parse.GetValue(_masks),
            Images = parse.GetValue(_images),
            Annotations = parse.GetValue(_annotations),
            Split = parse.GetValue(_split),
        },
        Limit = parse.Positive(_limit),
    };
}
