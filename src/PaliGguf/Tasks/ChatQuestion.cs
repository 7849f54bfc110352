namespace PaliGguf.Tasks;

/// <summary>A message of a conversation, as far as a model that answers one prompt takes anything from it.</summary>
/// <typeparam name="TPicture">What stands for a picture.</typeparam>
/// <param name="IsUser">Whether it asks.</param>
/// <param name="Texts">Its parts that are text.</param>
/// <param name="Pictures">Its pictures.</param>
internal sealed record ChatTurn<TPicture>(bool IsUser, IReadOnlyList<string> Texts, IReadOnlyList<TPicture> Pictures);

/// <summary>What a conversation asks a model that knows none: the prompt that the last user message is, about the pictures of the latest
/// message that has any.</summary>
/// <typeparam name="TPicture">What stands for a picture.</typeparam>
/// <param name="Prompt">The message's texts, trimmed, with line feeds in between; empty where it has none.</param>
/// <param name="Pictures">The pictures in their order.</param>
internal sealed record ChatQuestion<TPicture>(string Prompt, IReadOnlyList<TPicture> Pictures)
{
    /// <summary>Reads a conversation, as existing clients send it: from its beginning each time, the picture with the first question about
    /// it.</summary>
    /// <param name="turns">The messages, the latest last.</param>
    /// <param name="textOnly">What lets prompts without a picture through, for the message that refuses them; null where they are let
    /// through.</param>
    /// <exception cref="ArgumentException">There is no user message, or no picture where one is needed, or neither picture nor
    /// text.</exception>
    public static ChatQuestion<TPicture> Of(IReadOnlyList<ChatTurn<TPicture>> turns, string? textOnly)
    {
        ChatTurn<TPicture> last = turns.LastOrDefault(turn => turn.IsUser)
            ?? throw new ArgumentException("There is no user message: add one with a picture and a prompt such as 'caption en'.");
        string prompt = string.Join('\n', last.Texts.Where(text => !string.IsNullOrWhiteSpace(text))).Trim();
        IReadOnlyList<TPicture> pictures = turns.LastOrDefault(turn => turn.Pictures.Count > 0)?.Pictures ?? [];
        if (pictures.Count > 0) return new ChatQuestion<TPicture>(prompt, pictures);
        if (textOnly is not null)
        {
            throw new ArgumentException($"There is no picture in the conversation, and the model answers about pictures: add one to the "
                + $"message. ({textOnly} lets prompts without a picture through.)");
        }

        return prompt.Length > 0 ? new ChatQuestion<TPicture>(prompt, [])
            : throw new ArgumentException(
                "The last user message has neither a picture nor a text: add a picture and a prompt such as 'caption en'.");
    }
}
