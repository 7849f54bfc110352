using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Imaging.Frames;
using PaliGguf.Parquet;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Training.Examples;

/// <summary>
/// Reads what to train on: everything that <c>eval</c> reads, and folders of pictures with a text file beside each. What is broken is
/// named and left out, never silently.
/// </summary>
/// <param name="options">How.</param>
/// <param name="masks">Writes the masks of objects; null for their boxes alone.</param>
internal sealed class ExampleSource(DataOptions options, MaskEncoder? masks = null)
{
    private const string CaptionTask = "text", QuestionTask = "gqa";
    private readonly List<string> _broken = [];

    /// <summary>What was left out, and why: a line each.</summary>
    public IReadOnlyList<string> Broken => _broken;

    /// <summary>Reads the examples.</summary>
    /// <param name="path">A file or a folder.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="PaliException">It can not be read, or holds nothing that is sound.</exception>
    public IReadOnlyList<TrainingExample> Read(string path, CancellationToken cancellationToken = default)
    {
        List<TrainingExample> examples = [];
        foreach (TrainingExample each in IsCaptionFolder(path) ? Captions(path, cancellationToken) : Items(path, cancellationToken))
        {
            if (each.Answer.Contains('\0', StringComparison.Ordinal)) Leave(each.Origin, "its answer has a zero character");
            else if (each.Prompt.Contains('\n', StringComparison.Ordinal)) Leave(each.Origin, "its prompt has several lines");
            else if (each.Picture is PictureFile file && !File.Exists(file.Name)) Leave(each.Origin, $"there is no picture {file.Name}");
            else examples.Add(each);
        }

        if (examples.Count > 0) return examples;
        throw new PaliException(_broken.Count == 0
            ? $"{path}: it holds nothing to train on."
            : $"{path}: all of its {_broken.Count} rows are broken, the first: {_broken[0]}");
    }

    private IEnumerable<TrainingExample> Items(string path, CancellationToken cancellationToken)
    {
        DatasetOptions dataset = new()
        {
            Images = options.Images,
            Annotations = options.Annotations,
            Split = Directory.Exists(path) ? options.Split : null,
            Formats = [new ParquetFormat()],
            Repeats = true,
            Masks = masks is not null,
            Broken = problem => _broken.Add(problem.Message.ReplaceLineEndings(" ")),
        };
        IReadOnlyList<EvaluationItem> items = ReadItems(path, dataset, cancellationToken);
        foreach (EvaluationItem item in items.Where(item => item.Expected.References.Count > 0))
        {
            EvaluationTask task = EvaluationTask.Find(options.Task ?? (item.Question is null ? CaptionTask : QuestionTask));
            string prompt = task.PromptOf(item, options.Language, options.Prompt);
            foreach (string answer in Answers(item)) yield return new TrainingExample(item.Picture, prompt, answer, item.Origin);
        }

        IEnumerable<EvaluationItem> objects = items.Where(item => item.Expected.References.Count == 0 && item.Expected.Objects is not null);
        foreach (TrainingExample each in new InstanceExamples(masks, Leave).Of(objects)) yield return each;
    }

    private IReadOnlyList<EvaluationItem> ReadItems(string path, DatasetOptions dataset, CancellationToken cancellationToken)
    {
        try
        {
            return Dataset.Read(path, dataset, cancellationToken);
        }
        catch (PaliException) when (_broken.Count > 0)
        {
            // That it holds no items says less than what is wrong with them.
            return [];
        }
    }

    // Of several captions each is an example; of several answers to a question the one that most have given.
    private static IEnumerable<string> Answers(EvaluationItem item) => item.Question is null ? item.Expected.References
        : item.Expected.References.GroupBy(answer => answer, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).Take(1).Select(group => group.Key);

    private IEnumerable<TrainingExample> Captions(string folder, CancellationToken cancellationToken)
    {
        string prompt = EvaluationTask.Find(CaptionTask).PromptOf(
            new EvaluationItem(new ExpectedAnswer(folder, [""]), new PictureFile(folder), folder), options.Language, options.Prompt);
        IReadOnlyList<string> pictures = PictureFolder.Files(folder, cancellationToken);
        IEnumerable<string> lone = Texts(folder).Except(pictures.Select(TextOf), StringComparer.Ordinal);
        foreach (string text in lone) Leave(text, "there is no picture beside it");
        foreach (string picture in pictures)
        {
            string file = TextOf(picture);
            if (!File.Exists(file)) Leave(picture, $"there is no {Path.GetFileName(file)} beside it");
            else if (ReadText(file) is { } caption) yield return new TrainingExample(new PictureFile(picture), prompt, caption, file);
        }
    }

    private string? ReadText(string file)
    {
        const long Longest = 1 << 20;
        try
        {
            using FileStream stream = RegularFile.Open(file);
            if (stream.Length > Longest) Leave(file, $"it has {stream.Length} bytes, and a caption at most {Longest}");
            else if (new StreamReader(stream).ReadToEnd().Trim() is { Length: > 0 } text) return text;
            else Leave(file, "it is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Leave(file, e.Message.ReplaceLineEndings(" "));
        }

        return null;
    }

    private void Leave(string origin, string problem) => _broken.Add($"{origin}: {problem}.");

    private static bool IsCaptionFolder(string path) => Directory.Exists(path) && Texts(path).Any();

    private static IEnumerable<string> Texts(string folder) => Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal);

    private static string TextOf(string picture) => Path.ChangeExtension(picture, ".txt");
}

/// <summary>How examples are read.</summary>
internal sealed record DataOptions
{
    /// <summary>The form of prompts (<see cref="EvaluationTask.PromptOf"/>); null for the items' own, or the task's.</summary>
    public string? Prompt { get; init; }

    /// <summary>The task whose prompt items without one get; null for a caption, or a question where there is one.</summary>
    public string? Task { get; init; }

    /// <summary>The language of captions and answers.</summary>
    public string Language { get; init; } = "en";

    /// <summary>Whether the masks of objects are learned beside their boxes.</summary>
    public bool Masks { get; init; }

    /// <summary>The folder with the pictures; null for that of the file.</summary>
    public string? Images { get; init; }

    /// <summary>The file with the answers, where the data set's file has the questions alone.</summary>
    public string? Annotations { get; init; }

    /// <summary>The part of a folder.</summary>
    public string? Split { get; init; } = "train";
}
