using Microsoft.Extensions.AI;
using PaliGguf.Imaging;
using PaliGguf.Imaging.Formats;

namespace PaliGguf.AI.Chat;

/// <summary>A picture of a message, before it is decoded.</summary>
/// <param name="File">The bytes of its file.</param>
/// <param name="Name">What it is called; null for nothing.</param>
internal sealed record ChatPicture(ReadOnlyMemory<byte> File, string? Name)
{
    // What is known of a stream or of a file whose ending says nothing.
    private const string Anything = "application/octet-stream";

    /// <summary>Whether a content is meant as a picture. Where its type does not say so, its bytes may.</summary>
    public static bool Is(AIContent content) => content switch
    {
        DataContent data => data.HasTopLevelMediaType("image") || FormatDetection.IsKnown(data.Data.Span),
        UriContent link => link.HasTopLevelMediaType("image") || link.MediaType == Anything,
        _ => false,
    };

    /// <summary>The picture that a content is.</summary>
    /// <exception cref="FormatException">It is a malformed data URI.</exception>
    /// <exception cref="NotSupportedException">It is elsewhere.</exception>
    public static ChatPicture Of(AIContent content) => content switch
    {
        DataContent data => new ChatPicture(data.Data, data.Name),
        UriContent link when InlineImage.IsDataUrl(link.Uri.OriginalString) => new ChatPicture(Decode(link.Uri), null),
        UriContent link => throw Remote(link),
        _ => throw Unknown(content),
    };

    /// <summary>Refuses what is neither a picture nor text, in a message that is answered.</summary>
    /// <exception cref="ArgumentException">It is data of another kind.</exception>
    /// <exception cref="ImageException">It is data of no particular kind, and no picture.</exception>
    /// <exception cref="NotSupportedException">It is something else.</exception>
    public static void RequireKnown(AIContent content)
    {
        if (content is TextContent || Is(content)) return;
        throw content switch
        {
            DataContent { MediaType: Anything } data => FormatDetection.Unknown(data.Data.Span, data.Name ?? "a content"),
            DataContent data =>
                new ArgumentException($"A content of the type {data.MediaType} is no picture: the model sees pictures only, as DataContent "
                    + "of a type like image/png."),
            UriContent link => Remote(link),
            _ => Unknown(content),
        };
    }

    private static byte[] Decode(Uri link)
    {
        try
        {
            return InlineImage.Decode(link.OriginalString);
        }
        catch (FormatException malformed)
        {
            throw new FormatException($"A picture {malformed.Message}", malformed);
        }
    }

    private static NotSupportedException Remote(UriContent link) =>
        new($"{Shortened(link.Uri.OriginalString)} is not fetched: load the picture and send its bytes as DataContent "
            + "(DataContent.LoadFromAsync reads a file or a stream).");

    private static NotSupportedException Unknown(AIContent content) =>
        new($"The model does not understand a {content.GetType().Name}: send text, and pictures as DataContent.");

    private static string Shortened(string address) => address.Length <= 200 ? address : address[..200] + "...";
}
