using PaliGguf.Imaging;
using PaliGguf.Imaging.Frames;
using PaliGguf.Tasks;

namespace PaliGguf.Evaluation.Samples;

/// <summary>Pictures and prompts to evaluate a model on. The samples of one picture follow each other, so that it passes through the tower once.</summary>
public static class EvaluationSamples
{
    /// <summary>Prompts that make sense for every picture: <c>caption</c>, <c>describe</c> and <c>ocr</c>. Boxes need prompts that name what is in the pictures.</summary>
    /// <param name="language">The language of the captions.</param>
    public static IReadOnlyList<string> DefaultPrompts(string language = "en") => [Prompts.Caption(language), Prompts.Describe(language), Prompts.Ocr];

    /// <summary>Every picture in a folder with each of some prompts.</summary>
    /// <param name="folder">The folder; pictures below it are passed over.</param>
    /// <param name="prompts">At least one.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="ImageException">The folder can not be read or holds no pictures.</exception>
    public static IReadOnlyList<EvaluationSample> FromFolder(string folder, IReadOnlyList<string> prompts, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (prompts.Count == 0 || prompts.Any(string.IsNullOrWhiteSpace)) throw new ArgumentException("There is no prompt, or an empty one.", nameof(prompts));
        return [.. PictureFolder.Files(folder, cancellationToken).SelectMany(picture => prompts.Select(prompt => new EvaluationSample(picture, prompt)))];
    }

    /// <summary>What a file of prompts and a folder of pictures say.</summary>
    /// <param name="folder">The folder with the pictures.</param>
    /// <param name="promptFile">
    /// UTF-8 text: one prompt per line, each for every picture; or JSON lines, <c>{"image": "a.jpg", "prompt": "caption en"}</c>, each one sample, with the picture's path
    /// relative to the folder. Empty lines do not count.
    /// </param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="PaliException">The file can not be read, holds no prompt, or a line of it is malformed.</exception>
    public static IReadOnlyList<EvaluationSample> FromFile(string folder, string promptFile, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        IReadOnlyList<PromptLine> lines = PromptFile.Read(promptFile);
        if (lines[0].Picture is null) return FromFolder(folder, [.. lines.Select(line => line.Prompt)], cancellationToken);
        // By picture, in the order in which they first appear.
        return [.. lines.GroupBy(line => line.Picture, StringComparer.Ordinal).SelectMany(group => group).Select(line => new EvaluationSample(Path.Combine(folder, line.Picture!), line.Prompt))];
    }

    /// <summary>The samples of the first pictures.</summary>
    /// <param name="samples">Samples, those of one picture together.</param>
    /// <param name="pictures">How many pictures, at least 1.</param>
    public static IReadOnlyList<EvaluationSample> Limit(IReadOnlyList<EvaluationSample> samples, int pictures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pictures, 1);
        HashSet<string> seen = new(StringComparer.Ordinal);
        return [.. samples.TakeWhile(sample => seen.Contains(sample.Picture) || seen.Count < pictures && seen.Add(sample.Picture))];
    }
}
