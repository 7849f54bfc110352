using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using PaliGguf.Evaluation.Journals;

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
        try
        {
            using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None);
            using Utf8JsonWriter json = new(file, Readable);
            json.WriteStartArray();
            foreach (JournalEntry entry in entries.Where(entry => !entry.Failed))
            {
                json.WriteStartObject();
                json.WritePropertyName(captions ? "image_id" : "question_id");
                if (long.TryParse(entry.Id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)) json.WriteNumberValue(number);
                else json.WriteStringValue(entry.Id);
                json.WriteString(captions ? "caption" : "answer", entry.Answer);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PaliException($"{path}: it can not be written: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
