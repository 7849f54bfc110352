using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Pictures;

/// <summary>A picture as a request has it: the bytes of its file, or where these are.</summary>
/// <param name="Bytes">The file; empty where there is an address.</param>
/// <param name="Address">Where the file is; null where it is here.</param>
[JsonConverter(typeof(PictureDataConverter))]
internal sealed record PictureData(ReadOnlyMemory<byte> Bytes, Uri? Address = null)
{
    private const int LongestAddress = 2048;
    private const int LongestMediaType = 128;

    /// <summary>Reads base64, a data URL of base64, or an address.</summary>
    /// <exception cref="RejectionException">It is none of them.</exception>
    public static PictureData Parse(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("data:"u8)) return new PictureData(Decode(AfterHeader(text)));
        if (!text.StartsWith("http://"u8) && !text.StartsWith("https://"u8)) return new PictureData(Decode(text));
        return text.Length <= LongestAddress && Uri.TryCreate(Encoding.UTF8.GetString(text), UriKind.Absolute, out Uri? address)
            ? new PictureData(default, address)
            : throw Invalid("The picture's address is not one, or too long.");
    }

    private static ReadOnlySpan<byte> AfterHeader(ReadOnlySpan<byte> text)
    {
        int comma = text[..Math.Min(text.Length, LongestMediaType)].IndexOf((byte)',');
        ReadOnlySpan<byte> header = comma < 0 ? [] : text["data:".Length..comma];
        return header.EndsWith(";base64"u8) ? text[(comma + 1)..] : throw Invalid("The picture is a data URL without base64: expected data:image/png;base64,...");
    }

    private static byte[] Decode(ReadOnlySpan<byte> text)
    {
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (text.IsEmpty || Base64.DecodeFromUtf8(text, bytes, out _, out int written) != OperationStatus.Done)
        {
            throw Invalid("The picture is not base64: expected the base64 of an image file, or a data URL of it.");
        }

        return written == bytes.Length ? bytes : bytes[..written];
    }

    private static RejectionException Invalid(string problem) => Rejection.Invalid("image", problem);
}

/// <summary>Reads a picture without making a text of it, which would have twice the size.</summary>
internal sealed class PictureDataConverter : JsonConverter<PictureData>
{
    public override PictureData Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException();
        int length = reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length;
        byte[] text = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        try
        {
            return PictureData.Parse(text.AsSpan(0, reader.CopyString(text)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    public override void Write(Utf8JsonWriter writer, PictureData value, JsonSerializerOptions options) => throw new NotSupportedException("A picture is only read.");
}
