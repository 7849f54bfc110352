using Microsoft.Extensions.AI;
using PaliGguf.Imaging;
using PaliGguf.Tasks;

namespace PaliGguf.AI.Chat;

/// <summary>What a model without memory takes from a conversation: the last user message's text, and the pictures of the latest message
/// that has any.</summary>
internal sealed class ChatPrompt
{
    private readonly ChatPicture[] _pictures;

    private ChatPrompt(string text, ChatPicture[] pictures) => (Text, _pictures) = (text, pictures);

    public string Text { get; }

    /// <summary>Reads a conversation.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="allowTextOnly">Whether a prompt needs no picture.</param>
    /// <exception cref="ArgumentException">There is no user message, there is no picture, or a content is none.</exception>
    /// <exception cref="NotSupportedException">There are instructions to the model, or a content that is neither text nor data.</exception>
    /// <exception cref="FormatException">A data URI is malformed.</exception>
    /// <exception cref="ImageException">A content of no particular type is no picture.</exception>
    public static ChatPrompt Of(IEnumerable<ChatMessage> messages, bool allowTextOnly)
    {
        ChatMessage[] all = [.. messages];
        if (all.Any(message => message.Role == ChatRole.System))
        {
            throw new NotSupportedException("PaliGemma follows no system message: leave it out, and put what the model needs to know into the user message.");
        }

        ChatMessage? last = all.LastOrDefault(message => message.Role == ChatRole.User);
        foreach (AIContent content in last?.Contents ?? []) ChatPicture.RequireKnown(content);
        ChatQuestion<AIContent> question =
            ChatQuestion<AIContent>.Of([.. all.Select(Turn)], allowTextOnly ? null : nameof(PaliGgufOptions.AllowTextOnly));
        return new ChatPrompt(question.Prompt, [.. question.Pictures.Select(ChatPicture.Of)]);
    }

    /// <summary>Decodes the pictures.</summary>
    /// <exception cref="ImageException">One is none, or is over a limit.</exception>
    public async Task<IReadOnlyList<RgbImage>> DecodeAsync(ImageLimits limits, CancellationToken cancellationToken)
    {
        RgbImage[] images = new RgbImage[_pictures.Length];
        for (int index = 0; index < images.Length; index++)
        {
            ChatPicture picture = _pictures[index];
            string name = picture.Name ?? $"picture {index + 1}";
            images[index] =
                await Task.Run(() => ImageFile.Load(picture.File.Span, limits, name, cancellationToken), cancellationToken)
                    .ConfigureAwait(false);
        }

        return images;
    }

    private static ChatTurn<AIContent> Turn(ChatMessage message) => new(
        message.Role == ChatRole.User, [.. message.Contents.OfType<TextContent>().Select(text => text.Text)],
        [.. message.Contents.Where(ChatPicture.Is)]);
}
