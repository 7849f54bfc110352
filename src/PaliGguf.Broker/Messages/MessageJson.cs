using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace PaliGguf.Broker.Messages;

/// <summary>Messages as JSON. Each tells its version.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ItemMessage))]
[JsonSerializable(typeof(AnswerMessage))]
[JsonSerializable(typeof(AnswerTerms))]
internal sealed partial class MessageJson : JsonSerializerContext
{
    /// <summary>The version that this program writes.</summary>
    public const int Version = 1;

    /// <summary>Reads an object.</summary>
    /// <exception cref="NewerMessageException">A newer program wrote it.</exception>
    /// <exception cref="MessageException">It is none, or lacks what it should have.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
    {
        try
        {
            // What else a newer version may say is not known; its number is.
            if (VersionOf(json) is var version && version > Version) throw new NewerMessageException(version);
            if (version != Version) throw new MessageException("it tells no version that there was");
            if (!UnicodeJson.IsIn(json)) throw new MessageException("it holds text that is not Unicode");
            return JsonSerializer.Deserialize(json, type) ?? throw new MessageException("it is empty");
        }
        catch (JsonException e)
        {
            throw new MessageException($"it is no such JSON: {e.Message.ReplaceLineEndings(" ")}", e);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            throw new MessageException("it is no such JSON", e);
        }
    }

    private static long VersionOf(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new MessageException("it is no object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isVersion = reader.ValueTextEquals("version"u8);
            reader.Read();
            if (isVersion) return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long version) ? version : 0;
            reader.Skip();
        }

        return 0;
    }
}
