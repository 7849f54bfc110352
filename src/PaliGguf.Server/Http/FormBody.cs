using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace PaliGguf.Server.Http;

/// <summary>A multipart form.</summary>
/// <param name="Fields">Its fields, whose values are texts, or lists of texts where a field comes several times.</param>
/// <param name="Pictures">The pictures that it has as files or texts, in their order.</param>
internal sealed record FormBody(IEnumerable<KeyValuePair<string, JsonElement>> Fields, IReadOnlyList<PictureData> Pictures)
{
    private const int MostParts = 256;
    private const int LongestField = 64 << 10;
    private const int LongestBoundary = 70;

    /// <summary>Reads a form.</summary>
    /// <param name="body">The body.</param>
    /// <param name="pictureFields">The names of fields that are pictures.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<FormBody> ReadAsync(RequestBody body, string[] pictureFields, CancellationToken cancellationToken)
    {
        if (body.Boundary.Length > LongestBoundary) throw Rejection.Malformed("The form's boundary is too long.");
        Dictionary<string, List<string>> fields = new(StringComparer.Ordinal);
        List<PictureData> pictures = [];
        try
        {
            using MemoryStream content = body.Open();
            MultipartReader reader = new(body.Boundary, content) { HeadersCountLimit = 8, HeadersLengthLimit = 4096 };
            int parts = 0;
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (++parts > MostParts) throw Rejection.Malformed($"The form has more than {MostParts} parts.");
                _ = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? disposition);
                string name = HeaderUtilities.RemoveQuotes(disposition?.Name ?? default).Value ?? throw Rejection.Malformed("A part of the form has no name.");
                // What file it was is not asked: the name of one may be encoded in a way that is not read.
                bool isFile = disposition!.Parameters.Any(parameter => parameter.Name.Equals("filename", StringComparison.OrdinalIgnoreCase)
                    || parameter.Name.Equals("filename*", StringComparison.OrdinalIgnoreCase));
                bool isPicture = pictureFields.Contains(name, StringComparer.Ordinal);
                if (isFile && !isPicture)
                    throw Rejection.Invalid(name, $"The form has a file '{name}': the file of a picture is '{PictureData.Field}'.");
                using MemoryStream value = new();
                await section.Body.CopyToAsync(value, cancellationToken);
                ReadOnlyMemory<byte> bytes = value.GetBuffer().AsMemory(0, (int)value.Length);
                if (isPicture)
                {
                    string place = pictures.Count == 0 ? name : $"{name}[{pictures.Count}]";
                    pictures.Add(isFile ? new PictureData(bytes.ToArray(), null, place) : PictureData.Parse(bytes.Span, place));
                    continue;
                }

                if (value.Length > LongestField) throw Rejection.Invalid(name, $"The field '{name}' has more than {LongestField} bytes.");
                if (!fields.TryGetValue(name, out List<string>? values)) fields.Add(name, values = []);
                values.Add(Encoding.UTF8.GetString(bytes.Span));
            }
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            throw Rejection.Malformed($"The form is malformed or cut off: {failure.Message}");
        }

        return new FormBody(ToJson(fields), pictures);
    }

    /// <summary>The fields that are in a query.</summary>
    public static IEnumerable<KeyValuePair<string, JsonElement>> FieldsOf(IQueryCollection query) =>
        ToJson(query.ToDictionary(field => field.Key, field => field.Value.Select(value => value ?? "").ToList(), StringComparer.Ordinal));

    private static IEnumerable<KeyValuePair<string, JsonElement>> ToJson(Dictionary<string, List<string>> fields)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            foreach ((string name, List<string> values) in fields)
            {
                writer.WritePropertyName(name);
                if (values.Count > 1) writer.WriteStartArray();
                foreach (string value in values) writer.WriteStringValue(value);
                if (values.Count > 1) writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return FieldReader.Of(JsonElement.Parse(json.WrittenSpan));
    }
}
