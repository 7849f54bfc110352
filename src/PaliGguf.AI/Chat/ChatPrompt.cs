using Microsoft.Extensions.AI;
using PaliGguf.Imaging;
using PaliGguf.Vision;

namespace PaliGguf.AI.Chat;

/// <summary>What a model without memory takes from a conversation: the last user message's text, and the last pictures that a user sent.</summary>
internal sealed class ChatPrompt
{
    private readonly DataContent[] _pictures;

    private ChatPrompt(string text, DataContent[] pictures) => (Text, _pictures) = (text, pictures);

    public string Text { get; }

    /// <summary>Reads a conversation.</summary>
    /// <exception cref="ArgumentException">There is no user message, it has no text, or it holds what is no picture.</exception>
    /// <exception cref="NotSupportedException">There are instructions to the model, or a content that is neither text nor data.</exception>
    /// <exception cref="FormatException">A data URI is malformed.</exception>
    public static ChatPrompt Of(IEnumerable<ChatMessage> messages)
    {
        ChatMessage[] all = [.. messages];
        if (all.Any(message => message.Role == ChatRole.System))
        {
            throw new NotSupportedException("PaliGemma follows no system message: leave it out, and put what the model needs to know into the user message.");
        }

        ChatMessage[] user = [.. all.Where(message => message.Role == ChatRole.User)];
        if (user.Length == 0) throw new ArgumentException("There is no user message: add one with a prompt such as 'caption en' and a picture.", nameof(messages));
        string text = user[^1].Text.Trim();
        if (text.Length == 0) throw new ArgumentException("The last user message has no text: add a prompt such as 'caption en' or 'answer en what is this?'.", nameof(messages));
        DataContent[] pictures = Pictures(user[^1]);
        // A further question about the same picture, as conversations have them.
        for (int index = user.Length - 2; pictures.Length == 0 && index >= 0; index--) pictures = Pictures(user[index]);
        return new ChatPrompt(text, pictures);
    }

    /// <summary>Decodes the pictures.</summary>
    /// <exception cref="ImageException">One is none, or is over a limit.</exception>
    public async Task<IReadOnlyList<RgbImage>> DecodeAsync(ImageLimits limits, CancellationToken cancellationToken)
    {
        RgbImage[] images = new RgbImage[_pictures.Length];
        for (int index = 0; index < images.Length; index++)
        {
            DataContent picture = _pictures[index];
            string name = picture.Name ?? $"picture {index + 1}";
            images[index] = await Task.Run(() => ImageFile.Load(picture.Data.Span, limits, name, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        return images;
    }

    private static DataContent[] Pictures(ChatMessage message) => [.. message.Contents.Select(Picture).OfType<DataContent>()];

    private static DataContent? Picture(AIContent content) => content switch
    {
        TextContent => null,
        DataContent data when data.HasTopLevelMediaType("image") => data,
        DataContent data => throw new ArgumentException($"A content of the type {data.MediaType} is no picture: the model sees pictures only, as DataContent of a type like image/png."),
        UriContent { Uri: { IsAbsoluteUri: true, Scheme: "data" } } inline => Picture(new DataContent(inline.Uri, inline.MediaType)),
        UriContent remote => throw new NotSupportedException($"{remote.Uri} is not fetched: load the picture and send its bytes as DataContent (DataContent.LoadFromAsync reads a file or a stream)."),
        _ => throw new NotSupportedException($"The model does not understand a {content.GetType().Name}: send text, and pictures as DataContent."),
    };
}
