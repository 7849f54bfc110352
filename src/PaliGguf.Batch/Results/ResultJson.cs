using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace PaliGguf.Batch.Results;

/// <summary>The lines of results.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AnswerLine))]
[JsonSerializable(typeof(FailureLine))]
[JsonSerializable(typeof(TextAnswer))]
[JsonSerializable(typeof(FoundAnswer))]
internal sealed partial class ResultJson : JsonSerializerContext
{
    // Thai stays Thai.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds a line to a buffer.</summary>
    public static void WriteLine<T>(IBufferWriter<byte> buffer, T value, JsonTypeInfo<T> type)
    {
        using (Utf8JsonWriter writer = new(buffer, Readable)) JsonSerializer.Serialize(writer, value, type);
        buffer.Write("\n"u8);
    }
}
