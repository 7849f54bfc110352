using System.Text.Json;

namespace PaliGguf.Server.Conversations;

/// <summary>A picture in a message, before it is decoded: most of a conversation's are not.</summary>
/// <param name="Value">Base64, a data URL or an address.</param>
/// <param name="Place">Where it stands.</param>
internal readonly record struct ChatPicture(JsonElement Value, string Place);
