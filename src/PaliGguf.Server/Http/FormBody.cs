using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace PaliGguf.Server.Http;

/// <summary>A multipart form: its fields as JSON, and the picture that it has as a file.</summary>
/// <param name="Fields">A JSON object of the fields.</param>
/// <param name="Picture">The file; null for none.</param>
internal sealed partial record FormBody(ReadOnlyMemory<byte> Fields, byte[]? Picture)
{
    private const string FileField = "image";
    private const int MostParts = 256;
    private const int LongestField = 64 << 10;
    private const int LongestBoundary = 70;

    /// <summary>Reads a form.</summary>
    /// <param name="body">The body.</param>
    /// <param name="type">What the fields are of: those that are lists there may come several times.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<FormBody> ReadAsync(RequestBody body, JsonTypeInfo type, CancellationToken cancellationToken)
    {
        if (body.Boundary.Length > LongestBoundary) throw Rejection.Malformed("The form's boundary is too long.");
        Dictionary<string, List<string>> fields = new(StringComparer.Ordinal);
        byte[]? picture = null;
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
                bool isFile = disposition!.FileName.HasValue || disposition.FileNameStar.HasValue;
                if (isFile && (name != FileField || picture is not null)) throw Rejection.Invalid(name, $"The form has a file '{name}': expected one file, '{FileField}'.");
                using MemoryStream value = new();
                await section.Body.CopyToAsync(value, cancellationToken);
                if (isFile)
                {
                    picture = value.ToArray();
                    continue;
                }

                if (name != FileField && value.Length > LongestField) throw Rejection.Invalid(name, $"The field '{name}' has more than {LongestField} bytes.");
                if (!fields.TryGetValue(name, out List<string>? values)) fields.Add(name, values = []);
                values.Add(Encoding.UTF8.GetString(value.GetBuffer().AsSpan(0, (int)value.Length)));
            }
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            throw Rejection.Malformed($"The form is malformed or cut off: {failure.Message}");
        }

        return new FormBody(ToJson(fields, type), picture);
    }

    /// <summary>The fields that are in a query.</summary>
    public static FormBody Of(IQueryCollection query, JsonTypeInfo type) =>
        new(ToJson(query.ToDictionary(field => field.Key, field => field.Value.Select(value => value ?? "").ToList(), StringComparer.Ordinal), type), null);

    private static ReadOnlyMemory<byte> ToJson(Dictionary<string, List<string>> fields, JsonTypeInfo type)
    {
        ArrayBufferWriter<byte> json = new();
        using Utf8JsonWriter writer = new(json);
        writer.WriteStartObject();
        foreach ((string name, List<string> values) in fields)
        {
            Type? property = type.Properties.FirstOrDefault(property => property.Name == name)?.PropertyType;
            writer.WritePropertyName(name);
            if (property == typeof(IReadOnlyList<string>)) WriteList(writer, values);
            else if (values.Count > 1) throw Rejection.Invalid(name, $"The field '{name}' is given twice.");
            else if (property == typeof(bool?) && bool.TryParse(values[0], out bool truth)) writer.WriteBooleanValue(truth);
            else if (IsNumber(property) && NumberText().IsMatch(values[0])) writer.WriteRawValue(values[0]);
            else writer.WriteStringValue(values[0]);
        }

        writer.WriteEndObject();
        writer.Flush();
        return json.WrittenMemory;
    }

    private static bool IsNumber(Type? property) => property is not null && Nullable.GetUnderlyingType(property) is { IsPrimitive: true } number && number != typeof(bool);

    // As JSON has them.
    [GeneratedRegex(@"^-?(0|[1-9]\d{0,18})(\.\d{1,18})?([eE][+-]?\d{1,3})?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex NumberText();

    private static void WriteList(Utf8JsonWriter writer, List<string> values)
    {
        writer.WriteStartArray();
        foreach (string value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
