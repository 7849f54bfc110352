using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace PaliGguf.Server.Http;

/// <summary>Reads requests from bodies: JSON, the same fields as a form with pictures as files, or a picture's file alone with the fields
/// in the query.</summary>
internal sealed class BodyReader(BodyBudget budget, ServerOptions options)
{
    private const string Json = "application/json";
    private const string Form = "multipart/form-data";
    private const int LongestQuote = 100;

    /// <summary>The fields that pictures are in.</summary>
    private static readonly string[] PictureFields = [PictureData.Field, "images"];

    /// <summary>Reads a request.</summary>
    /// <typeparam name="T">What it says.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="type">How that is read from JSON.</param>
    /// <param name="withPictures">Makes it have the pictures that came with it.</param>
    /// <param name="fields">The fields that these are in; none for those of pictures.</param>
    /// <exception cref="RejectionException">The body is malformed, too large, or of another type.</exception>
    /// <exception cref="FieldException">A field is not what it should be.</exception>
    public async Task<T> ReadAsync<T>(
        HttpContext context, JsonTypeInfo<T> type, Func<T, IReadOnlyList<PictureData>, T> withPictures, params string[] fields)
        where T : class
    {
        if (fields.Length == 0) fields = PictureFields;
        CancellationToken cancellationToken = RequestClock.Of(context).Token;
        using RequestBody body = await RequestBody.ReadAsync(context, budget, options.MaxBody, cancellationToken);
        if (body.Content.Length == 0)
        {
            throw Rejection.Malformed(
                "The body is empty: send a picture, as a form (curl -F image=@photo.jpg), as JSON with base64, or as the body itself.");
        }

        // A field stands in the query or in the body, and one that is in both is an error.
        IEnumerable<KeyValuePair<string, JsonElement>> query = FormBody.FieldsOf(context.Request.Query);
        if (body.MediaType == Json)
        {
            return Parse(body.Content,
                root => withPictures(FieldReader.Read(FieldReader.Of(root).Concat(query), type, fields), Pictures(root, fields)));
        }

        if (body.MediaType == Form && body.Boundary.Length > 0)
        {
            FormBody form = await FormBody.ReadAsync(body, fields, cancellationToken);
            return withPictures(FieldReader.Read(form.Fields.Concat(query), type), form.Pictures);
        }

        // What kind of picture it is, the bytes tell.
        bool isPicture = body.MediaType is "" or "application/octet-stream" or "binary/octet-stream"
            || body.MediaType.StartsWith("image/", StringComparison.Ordinal)
            || (fields != PictureFields && body.MediaType.StartsWith("video/", StringComparison.Ordinal));
        if (isPicture)
        {
            return withPictures(FieldReader.Read(query, type),
                [new PictureData(body.Content.ToArray())]);
        }

        string lacks = body.MediaType == Form ? " without a boundary" : "";
        throw Rejection.WrongType(
            $"A body of the type '{Quoted(body)}'{lacks} is not read here: send {Json}, {Form} (curl -F image=@photo.jpg), or the picture "
                + "itself as image/... or application/octet-stream (curl -H 'Content-Type: image/jpeg' --data-binary @photo.jpg).");
    }

    /// <summary>Reads a request that is JSON.</summary>
    /// <typeparam name="T">What its fields say.</typeparam>
    /// <typeparam name="TResult">What is made of them.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="type">How the fields are read.</param>
    /// <param name="finish">Reads the rest, while the body is there.</param>
    /// <param name="apart">The fields that this does.</param>
    public async Task<TResult> ReadJsonAsync<T, TResult>(
        HttpContext context, JsonTypeInfo<T> type, Func<T, JsonElement, TResult> finish, params string[] apart)
        where T : class
    {
        using RequestBody body = await RequestBody.ReadAsync(context, budget, options.MaxBody, RequestClock.Of(context).Token);
        if (body.Content.Length == 0) throw Rejection.Malformed($"The body is empty: expected {Json}.");
        if (body.MediaType != Json) throw Rejection.WrongType($"A body of the type '{Quoted(body)}' is not read here: send {Json}.");
        return Parse(body.Content, root => finish(FieldReader.Read(FieldReader.Of(root), type, apart), root));
    }

    /// <summary>Reads a body of JSON.</summary>
    /// <exception cref="RejectionException">It is no JSON, or holds text that is none.</exception>
    internal static T Parse<T>(ReadOnlyMemory<byte> text, Func<JsonElement, T> read)
    {
        // Some editors begin a file with a mark that JSON does not have.
        if (text.Span.StartsWith("\uFEFF"u8)) text = text[3..];
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return read(document.RootElement);
        }
        catch (JsonException failure)
        {
            if (IsWide(text.Span)) throw Rejection.Malformed("The body is UTF-16 or UTF-32: JSON is sent as UTF-8.");
            throw Rejection.Malformed($"The body is not JSON: line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            // A name with half of a surrogate pair, for example.
            throw Rejection.Malformed("The body holds text that is not Unicode.");
        }
    }

    private static PictureData[] Pictures(JsonElement root, string[] fields) =>
    [
        .. from field in root.EnumerateObject()
           where fields.Contains(field.Name, StringComparer.OrdinalIgnoreCase) && field.Value.ValueKind != JsonValueKind.Null
           from picture in Pictures(field.Value, field.Name)
           select picture,
    ];

    private static PictureData[] Pictures(JsonElement value, string place)
    {
        if (value.ValueKind == JsonValueKind.Array)
            return [.. value.EnumerateArray().Select((entry, index) => PictureData.Read(entry, $"{place}[{index}]"))];
        if (value.ValueKind != JsonValueKind.String || !JsonMarshal.GetRawUtf8Value(value).StartsWith("\"["u8))
            return [PictureData.Read(value, place)];
        try
        {
            // A list may be the text of one, as agents write it; nothing else begins so.
            using JsonDocument list = JsonDocument.Parse(FieldReader.Text(value, place));
            return Pictures(list.RootElement, place);
        }
        catch (JsonException)
        {
            throw FieldException.Expected(place, "a picture, or a list of pictures", "a text that is no list");
        }
    }

    // A mark at the beginning, or characters of more than one byte.
    private static bool IsWide(ReadOnlySpan<byte> text) => text is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, _, ..] or [_, 0, ..];

    private static string Quoted(RequestBody body) =>
        body.MediaType.Length <= LongestQuote ? body.MediaType : body.MediaType[..LongestQuote] + "...";
}
