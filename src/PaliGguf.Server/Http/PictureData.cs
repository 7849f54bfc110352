using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PaliGguf.Imaging;

namespace PaliGguf.Server.Http;

/// <summary>A picture as a request has it: the bytes of its file, or where these are.</summary>
/// <param name="Bytes">The file; empty where there is an address.</param>
/// <param name="Address">Where the file is; null where it is here.</param>
/// <param name="Place">What the request calls it.</param>
[JsonConverter(typeof(PictureDataConverter))]
internal sealed record PictureData(ReadOnlyMemory<byte> Bytes, Uri? Address = null, string Place = PictureData.Field)
{
    /// <summary>The field that most requests have a picture in.</summary>
    public const string Field = "image";

    private const int LongestAddress = 2048;

    /// <summary>Reads a picture out of JSON, without making a text of it, which would have twice the size.</summary>
    /// <exception cref="FieldException">It is none.</exception>
    public static PictureData Read(JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw FieldException.Expected(place, "a picture as a text, base64 or a data URL", FieldReader.Kind(value));
        ReadOnlySpan<byte> quoted = JsonMarshal.GetRawUtf8Value(value);
        if (!quoted.Contains((byte)'\\')) return Parse(quoted[1..^1], place);
        // Slashes may be escaped.
        byte[] text = ArrayPool<byte>.Shared.Rent(quoted.Length);
        try
        {
            Utf8JsonReader reader = new(quoted);
            reader.Read();
            return Parse(text.AsSpan(0, reader.CopyString(text)), place);
        }
        catch (InvalidOperationException)
        {
            throw FieldException.Expected(place, "a picture as a text", "one that is not Unicode");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    /// <summary>Reads base64, a data URL, or an address.</summary>
    /// <exception cref="FieldException">It is none of them.</exception>
    public static PictureData Parse(ReadOnlySpan<byte> text, string place)
    {
        if (StartsWith(text, "https://"u8) || StartsWith(text, "http://"u8))
        {
            return text.Length <= LongestAddress && Uri.TryCreate(Encoding.UTF8.GetString(text), UriKind.Absolute, out Uri? address)
                ? new PictureData(default, address, place)
                : throw new FieldException(place, $"{place} is an address that is malformed or too long.");
        }

        try
        {
            return new PictureData(InlineImage.Decode(text), null, place);
        }
        catch (FormatException malformed)
        {
            throw new FieldException(place, $"{place} {malformed.Message}");
        }
    }

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> scheme) =>
        text.Length >= scheme.Length && Ascii.EqualsIgnoreCase(text[..scheme.Length], scheme);
}

/// <summary>Reads pictures where nobody reads them apart.</summary>
internal sealed class PictureDataConverter : JsonConverter<PictureData>
{
    public override PictureData Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PictureData.Read(JsonElement.ParseValue(ref reader), PictureData.Field);

    public override void Write(Utf8JsonWriter writer, PictureData value, JsonSerializerOptions options) =>
        throw new NotSupportedException("A picture is only read.");
}
