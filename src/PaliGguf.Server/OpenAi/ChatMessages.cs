using System.Text.Json;
using PaliGguf.Server.Http;
using PaliGguf.Tasks;

namespace PaliGguf.Server.OpenAi;

/// <summary>A picture in a message, before it is decoded: most of a conversation's are not.</summary>
/// <param name="Value">Base64, a data URL or an address.</param>
/// <param name="Place">Where it stands.</param>
internal readonly record struct ChatPicture(JsonElement Value, string Place);

/// <summary>Reads the messages of a chat request. What is wrong is told with its place: "messages[0].content[1].image_url.url".</summary>
internal static class ChatMessages
{
    private const string Field = "messages";
    private const string Parts = "a text or a list of parts";

    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool", "function"];

    /// <summary>Reads them.</summary>
    /// <param name="request">The whole request.</param>
    /// <exception cref="FieldException">One is malformed.</exception>
    /// <exception cref="RejectionException">The one that is answered has a part that is neither text nor picture.</exception>
    public static IReadOnlyList<ChatTurn<ChatPicture>> Read(JsonElement request)
    {
        if (!request.TryGetProperty(Field, out JsonElement messages) || messages.ValueKind == JsonValueKind.Null)
            throw FieldException.Missing(Field, "a list of messages");
        if (messages.ValueKind != JsonValueKind.Array)
            throw FieldException.Expected(Field, "a list of messages", FieldReader.Kind(messages));
        (string Role, JsonElement Content)[] all = [.. messages.EnumerateArray().Select(Message)];
        int last = Array.FindLastIndex(all, message => message.Role == "user");
        return [.. all.Select(
            (message, index) => Turn(message.Role, message.Content, $"{Field}[{index}].content", isAnswered: index == last))];
    }

    private static (string Role, JsonElement Content) Message(JsonElement message, int index)
    {
        string place = $"{Field}[{index}]";
        if (message.ValueKind != JsonValueKind.Object)
            throw FieldException.Expected(place, "an object with 'role' and 'content'", FieldReader.Kind(message));
        if (!message.TryGetProperty("role", out JsonElement role)) throw FieldException.Missing($"{place}.role", string.Join(", ", Roles));
        string name = FieldReader.Text(role, $"{place}.role");
        if (!Roles.Contains(name, StringComparer.Ordinal))
            throw FieldException.Expected($"{place}.role", $"one of {string.Join(", ", Roles)}");
        return (name, message.TryGetProperty("content", out JsonElement content) ? content : default);
    }

    private static ChatTurn<ChatPicture> Turn(string role, JsonElement content, string place, bool isAnswered)
    {
        bool isUser = role == "user";
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                return new ChatTurn<ChatPicture>(isUser, [FieldReader.Text(content, place)], []);
            case JsonValueKind.Array:
                List<string> texts = [];
                List<ChatPicture> pictures = [];
                int index = 0;
                foreach (JsonElement part in content.EnumerateArray()) ReadPart(part, $"{place}[{index++}]", isAnswered, texts, pictures);
                return new ChatTurn<ChatPicture>(isUser, texts, pictures);
            case JsonValueKind.Undefined or JsonValueKind.Null when !isUser:
                return new ChatTurn<ChatPicture>(isUser, [], []);
            case JsonValueKind.Undefined:
                throw FieldException.Missing(place, Parts);
            default:
                throw FieldException.Expected(place, Parts, FieldReader.Kind(content));
        }
    }

    private static void ReadPart(JsonElement part, string place, bool isAnswered, List<string> texts, List<ChatPicture> pictures)
    {
        if (part.ValueKind != JsonValueKind.Object) throw FieldException.Expected(place, "an object with 'type'", FieldReader.Kind(part));
        if (!part.TryGetProperty("type", out JsonElement type)) throw FieldException.Missing($"{place}.type", "'text' or 'image_url'");
        string name = FieldReader.Text(type, $"{place}.type");
        switch (name)
        {
            case "text":
                texts.Add(part.TryGetProperty("text", out JsonElement text)
                    ? FieldReader.Text(text, $"{place}.text") : throw FieldException.Missing($"{place}.text", "a text"));
                break;
            case "image_url":
                pictures.Add(Picture(part, $"{place}.image_url"));
                break;
            default:
                // Of what is not answered, only pictures count.
                if (!isAnswered) break;
                throw Rejection.Unsupported($"{place}.type",
                    $"A part of the type '{(name.Length <= 40 ? name : name[..40])}' is not supported: expected 'text' and 'image_url'.");
        }
    }

    // OpenAI has an object here, and others the url alone.
    private static ChatPicture Picture(JsonElement part, string place)
    {
        if (!part.TryGetProperty("image_url", out JsonElement picture)) throw FieldException.Missing(place, "an object with 'url'");
        if (picture.ValueKind == JsonValueKind.String) return new ChatPicture(picture, place);
        if (picture.ValueKind != JsonValueKind.Object)
            throw FieldException.Expected(place, "an object with 'url'", FieldReader.Kind(picture));
        return picture.TryGetProperty("url", out JsonElement url)
            ? new ChatPicture(url, $"{place}.url") : throw FieldException.Missing($"{place}.url", "a data URL");
    }
}
