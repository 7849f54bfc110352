using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Runs;

/// <summary>Writes answers in the form in which COCO's and VQA's own programs read them.</summary>
public static class CocoResults
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a JSON array of <c>image_id</c> and <c>caption</c>, or of <c>question_id</c> and <c>answer</c>.</summary>
    /// <param name="path">The file, which is replaced.</param>
    /// <param name="entries">The answers; what failed is left out.</param>
    /// <param name="captions">Whether they are captions.</param>
    /// <exception cref="PaliException">The file can not be written.</exception>
    public static void Write(string path, IEnumerable<JournalEntry> entries, bool captions)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(entries);
        WriteArray(path, entries.Where(entry => !entry.Failed), (json, entry) =>
        {
            WriteNumber(json, captions ? "image_id" : "question_id", entry.Id);
            json.WriteString(captions ? "caption" : "answer", entry.Answer);
        });
    }

    /// <summary>
    /// Writes a JSON array of <c>image_id</c>, <c>category_id</c>, <c>bbox</c>, <c>score</c>, and <c>segmentation</c> where masks are wanted.
    /// An object whose name is no category is left out.
    /// </summary>
    /// <param name="path">The file, which is replaced.</param>
    /// <param name="items">The items, of COCO's instances.</param>
    /// <param name="entries">The answers; what failed is left out.</param>
    /// <param name="masks">The decoder of masks; null for boxes alone.</param>
    /// <exception cref="PaliException">The file can not be written.</exception>
    public static void WriteObjects(string path, IEnumerable<EvaluationItem> items, IEnumerable<JournalEntry> entries, MaskDecoder? masks)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(entries);
        Dictionary<string, JournalEntry> answers = entries.Where(entry => !entry.Failed).ToDictionary(entry => entry.Id, StringComparer.Ordinal);
        EvaluationItem[] answered = [.. items.Where(item => answers.ContainsKey(item.Id))];
        ObjectSheet sheet = new(
            AnswerSheet.Create(
                answers.ToDictionary(pair => pair.Key, pair => pair.Value.Given(), StringComparer.Ordinal),
                [.. answered.Select(item => item.Expected)]),
            new MetricOptions { Masks = masks }, masks is not null);
        WriteObjects(
            path,
            from pair in answered.Zip(sheet.Rows)
            from found in pair.Second.Found
            let numbers = pair.First.Coco ?? throw new ArgumentException($"'{pair.First.Id}' is not of COCO's instances.", nameof(items))
            where numbers.Categories.ContainsKey(found.Label)
            let runs = masks is null ? null : sheet.MaskOf(pair.Second, found).Runs
            select new CocoObject(
                numbers.Image, numbers.Categories[found.Label], [found.Box.X, found.Box.Y, found.Box.Width, found.Box.Height], found.Score,
                runs is null ? null : (runs.Height, runs.Width, runs.ToCounts())));
    }

    /// <summary>
    /// Writes a JSON array of <c>image_id</c>, <c>category_id</c>, <c>bbox</c>, <c>score</c>, and <c>segmentation</c> where there is a
    /// mask.
    /// </summary>
    /// <param name="path">The file, which is replaced.</param>
    /// <param name="objects">The objects.</param>
    /// <exception cref="PaliException">The file can not be written.</exception>
    public static void WriteObjects(string path, IEnumerable<CocoObject> objects)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(objects);
        WriteArray(path, objects, WriteObject);
    }

    private static void WriteObject(Utf8JsonWriter json, CocoObject found)
    {
        WriteNumber(json, "image_id", found.Image);
        WriteNumber(json, "category_id", found.Category);
        json.WriteStartArray("bbox");
        foreach (double side in found.Box) json.WriteNumberValue(side);
        json.WriteEndArray();
        json.WriteNumber("score", found.Score);
        if (found.Mask is not { } mask) return;
        json.WriteStartObject("segmentation");
        json.WriteStartArray("size");
        json.WriteNumberValue(mask.Height);
        json.WriteNumberValue(mask.Width);
        json.WriteEndArray();
        json.WriteString("counts", mask.Counts);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, string id)
    {
        if (long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)) json.WriteNumber(name, number);
        else json.WriteString(name, id);
    }

    private static void WriteArray<T>(string path, IEnumerable<T> results, Action<Utf8JsonWriter, T> write)
    {
        const int Piece = 1 << 20;
        using PendingFile file = new(path, 0, progress: null, CancellationToken.None);
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Readable))
        {
            json.WriteStartArray();
            foreach (T result in results)
            {
                json.WriteStartObject();
                write(json, result);
                json.WriteEndObject();
                if (json.BytesPending + buffer.WrittenCount < Piece) continue;
                json.Flush();
                file.Write(buffer.WrittenSpan);
                buffer.ResetWrittenCount();
            }

            json.WriteEndArray();
        }

        file.Write(buffer.WrittenSpan);
        file.Commit();
    }
}
