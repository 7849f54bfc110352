using System.Text.Json;
using PaliGguf.Server.Conversations;
using PaliGguf.Tasks;

namespace PaliGguf.Server.Ollama;

/// <summary>Reads the messages of a chat, and the pictures of a prompt. What is wrong is told with its place: "messages[0].images[1]".</summary>
internal static class OllamaMessages
{
    public const string Field = "messages";
    public const string Pictures = "images";

    /// <summary>Reads the messages.</summary>
    /// <param name="request">The whole request.</param>
    /// <exception cref="FieldException">One is malformed.</exception>
    public static IReadOnlyList<ChatTurn<ChatPicture>> Read(JsonElement request)
    {
        if (!request.TryGetProperty(Field, out JsonElement messages) || messages.ValueKind == JsonValueKind.Null) return [];
        if (messages.ValueKind != JsonValueKind.Array)
            throw FieldException.Expected(Field, "a list of messages", FieldReader.Kind(messages));
        return [.. messages.EnumerateArray().Select(Turn)];
    }

    /// <summary>The pictures of an object.</summary>
    /// <param name="holder">What has them.</param>
    /// <param name="place">What that is called, with a point behind; empty for the request.</param>
    public static ChatPicture[] PicturesOf(JsonElement holder, string place = "")
    {
        place += Pictures;
        if (!holder.TryGetProperty(Pictures, out JsonElement images) || images.ValueKind == JsonValueKind.Null) return [];
        if (images.ValueKind != JsonValueKind.Array)
            throw FieldException.Expected(place, "a list of pictures in base64", FieldReader.Kind(images));
        return [.. images.EnumerateArray().Select((image, index) => new ChatPicture(image, $"{place}[{index}]"))];
    }

    private static ChatTurn<ChatPicture> Turn(JsonElement message, int index)
    {
        string place = $"{Field}[{index}]";
        if (message.ValueKind != JsonValueKind.Object)
            throw FieldException.Expected(place, "an object with 'role' and 'content'", FieldReader.Kind(message));
        if (!message.TryGetProperty("role", out JsonElement role)) throw FieldException.Missing($"{place}.role", "user, assistant or system");
        bool isUser = FieldReader.Text(role, $"{place}.role") == "user";
        bool hasText = message.TryGetProperty("content", out JsonElement content) && content.ValueKind != JsonValueKind.Null;
        return new ChatTurn<ChatPicture>(isUser, hasText ? [FieldReader.Text(content, $"{place}.content")] : [], PicturesOf(message, place + "."));
    }
}
