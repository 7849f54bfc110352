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
    private readonly Option<double> _flip = OptionForms.Number(
        "--flip", 0.0, 0, 1, "How often a picture is mirrored when it is seen, with its boxes and masks: 0.5 for every second time.");

    private readonly Option<double> _crop = OptionForms.Number(
        "--crop", 1.0, 0.05, 1, "The least part of a picture's area that is seen; boxes and masks follow.");

    private readonly Option<double> _color = OptionForms.Number(
        "--color", 0.0, 0, 0.9, "How much brightness, contrast and saturation vary: 0.2 for a fifth.");

    private readonly Option<int?> _limit = OptionForms.Number<int>("--limit", "Only the first examples.");

    /// <inheritdoc/>
    public IReadOnlyList<Option> All => [_prompt, _task, _language, _masks, _images, _annotations, _split, _flip, _crop, _color, _limit];

    /// <inheritdoc/>
    public TrainingSettings Apply(ParseResult parse, TrainingSettings settings)
    {
        Augmentation augmentation = new(parse.GetValue(_flip), parse.GetValue(_crop), parse.GetValue(_color));
        if (settings.KeepsSoftTokens && !augmentation.IsNone)
        {
            throw new PaliException(
                "soft tokens are kept of pictures as they are: leave --keep-soft-tokens, or --flip, --crop and --color out.");
        }

        return settings with
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
            Augmentation = augmentation,
        };
    }
}
