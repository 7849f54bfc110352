using System.Text.Json;
using PaliGguf.Batch.Results;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Evaluation.Runs;
using PaliGguf.Hosting.Json;

namespace PaliGguf.Batch.Exports;

/// <summary>Answers as COCO's programs read them: captions, or what was found. An object whose label is no category is left out.</summary>
internal static class CocoAnswers
{
    // As boxes are written.
    private const int Digits = 3;

    public static void Write(string path, IEnumerable<AnswerLine> lines, CocoCategories categories)
    {
        if (lines.FirstOrDefault() is { } first && first.Answer.TryGetProperty("detections", out _))
        {
            CocoResults.WriteObjects(path, lines.SelectMany(line => Objects(line, categories)));
        }
        else
        {
            CocoResults.Write(path,
                lines.Select(line => new JournalEntry(ImageId(line.Id), line.Prompt) { Answer = AnswerTable.Text(line) ?? "" }),
                captions: true);
        }
    }

    /// <summary>
    /// The id of a picture in COCO's files: the number that its file is called, also after COCO's own beginning
    /// (<c>COCO_val2014_000000000042</c>), or else its id.
    /// </summary>
    internal static string ImageId(string id)
    {
        string stem = Path.GetFileNameWithoutExtension(id);
        string number = stem.StartsWith("COCO_", StringComparison.Ordinal) ? stem[(stem.LastIndexOf('_') + 1)..] : stem;
        return number.Length is > 0 and <= 18 && number.All(char.IsAsciiDigit) ? number : id;
    }

    private static IEnumerable<CocoObject> Objects(AnswerLine line, CocoCategories categories)
    {
        foreach (InstanceJson one in Found(line).Detections)
        {
            if (!IsSound(one)) throw new PaliException($"'{line.Id}': its answer holds an object whose box or mask is none.");
            if (categories.Find(one.Label) is not { } category) continue;
            double[] box = [one.Box[0], one.Box[1], Math.Round(one.Box[2] - one.Box[0], Digits),
                Math.Round(one.Box[3] - one.Box[1], Digits)];
            yield return new CocoObject(
                ImageId(line.Id), category, box, one.Score, one.Mask is { } mask ? (mask.Rle.Size[0], mask.Rle.Size[1], mask.Rle.Counts)
                : null);
        }
    }

    private static FoundAnswer Found(AnswerLine line)
    {
        try
        {
            return line.Answer.Deserialize(FoundAnswerJson.Default.FoundAnswer) is { Detections: not null } found ? found
                : throw new PaliException($"'{line.Id}': its answer holds no objects.");
        }
        catch (JsonException e)
        {
            throw new PaliException($"'{line.Id}': its answer holds no objects: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    // Others may have made it: a worker of a job, with a release of its own.
    private static bool IsSound(InstanceJson? one) =>
        one is { Label: not null, Box.Count: 4 } && one.Mask is null or { Rle: { Size.Count: 2, Counts: not null } };
}
