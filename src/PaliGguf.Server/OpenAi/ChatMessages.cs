using System.Text.Json;
using PaliGguf.Server.Conversations;
using PaliGguf.Server.Http;
using PaliGguf.Tasks;

namespace PaliGguf.Server.OpenAi;

/// <summary>Reads the messages of a request. What is wrong is told with its place: "messages[0].content[1].image_url.url".</summary>
/// <param name="form">How they are written.</param>
internal sealed class ChatMessages(MessageForm form)
{
    private const string Parts = "a text or a list of parts";

    /// <summary>Reads them.</summary>
    /// <param name="request">The whole request.</param>
    /// <exception cref="FieldException">One is malformed.</exception>
    /// <exception cref="RejectionException">The one that is answered has a part that is neither text nor picture.</exception>
    public IReadOnlyList<ChatTurn<ChatPicture>> Read(JsonElement request)
    {
        if (!request.TryGetProperty(form.Field, out JsonElement messages) || messages.ValueKind == JsonValueKind.Null)
            throw FieldException.Missing(form.Field, "a list of messages");
        if (messages.ValueKind != JsonValueKind.Array)
            throw FieldException.Expected(form.Field, "a list of messages", FieldReader.Kind(messages));
        (string Role, JsonElement Content)[] all = [.. messages.EnumerateArray().Select(Message)];
        int last = Array.FindLastIndex(all, message => message.Role == "user");
        return [.. all.Select(
            (message, index) => Turn(message.Role, message.Content, $"{form.Field}[{index}].content", isAnswered: index == last))];
    }

    private (string Role, JsonElement Content) Message(JsonElement message, int index)
    {
        string place = $"{form.Field}[{index}]";
        if (message.ValueKind != JsonValueKind.Object)
            throw FieldException.Expected(place, "an object with 'role' and 'content'", FieldReader.Kind(message));
        if (!message.TryGetProperty("role", out JsonElement role))
            return form.HasOtherItems ? Other(message, place) : throw NoRole(place);
        string name = FieldReader.Text(role, $"{place}.role");
        if (!form.Roles.Contains(name, StringComparer.Ordinal))
            throw FieldException.Expected($"{place}.role", $"one of {string.Join(", ", form.Roles)}");
        return (name, message.TryGetProperty("content", out JsonElement content) ? content : default);
    }

    // Calls of tools and what they gave, and thoughts, are passed over, as what is not asked about is; what was kept elsewhere is not.
    private (string Role, JsonElement Content) Other(JsonElement item, string place)
    {
        if (!item.TryGetProperty("type", out JsonElement type)) throw NoRole(place);
        return FieldReader.Text(type, $"{place}.type") switch
        {
            "message" => throw NoRole(place),
            "item_reference" => throw Rejection.Unsupported(
                $"{place}.type", "Nothing is kept that could be referred to: send the message itself."),
            _ => ("", default),
        };
    }

    private FieldException NoRole(string place) => FieldException.Missing($"{place}.role", string.Join(", ", form.Roles));

    private ChatTurn<ChatPicture> Turn(string role, JsonElement content, string place, bool isAnswered)
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

    private void ReadPart(JsonElement part, string place, bool isAnswered, List<string> texts, List<ChatPicture> pictures)
    {
        if (part.ValueKind != JsonValueKind.Object) throw FieldException.Expected(place, "an object with 'type'", FieldReader.Kind(part));
        if (!part.TryGetProperty("type", out JsonElement type)) throw FieldException.Missing($"{place}.type", $"'{form.Texts[0]}' or '{form.Picture}'");
        string name = FieldReader.Text(type, $"{place}.type");
        if (form.Texts.Contains(name, StringComparer.Ordinal))
        {
            texts.Add(part.TryGetProperty("text", out JsonElement text)
                ? FieldReader.Text(text, $"{place}.text") : throw FieldException.Missing($"{place}.text", "a text"));
        }
        else if (name == form.Picture)
        {
            pictures.Add(Picture(part, $"{place}.image_url"));
        }
        else if (isAnswered)
        {
            // Of what is not answered, only pictures count.
            throw Rejection.Unsupported($"{place}.type",
                $"A part of the type '{(name.Length <= 40 ? name : name[..40])}' is not supported: expected '{form.Texts[0]}' and '{form.Picture}'.");
        }
    }

    // OpenAI has an object here, and others the url alone.
    private ChatPicture Picture(JsonElement part, string place)
    {
        if (part.TryGetProperty("file_id", out JsonElement file) && file.ValueKind != JsonValueKind.Null)
            throw Rejection.Unsupported(place, "Files are not kept: leave 'file_id' out, and send the picture itself as 'image_url'.");
        if (!part.TryGetProperty("image_url", out JsonElement picture)) throw FieldException.Missing(place, form.PictureValue);
        if (picture.ValueKind == JsonValueKind.String) return new ChatPicture(picture, place);
        if (picture.ValueKind != JsonValueKind.Object)
            throw FieldException.Expected(place, form.PictureValue, FieldReader.Kind(picture));
        return picture.TryGetProperty("url", out JsonElement url)
            ? new ChatPicture(url, $"{place}.url") : throw FieldException.Missing($"{place}.url", "a data URL");
    }
}
