using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using PaliGguf.AI.Chat;

namespace PaliGguf.AI;

/// <summary>
/// Lets a chat client that reads text alone talk about pictures: what another client says of each picture in a conversation, a
/// <see cref="PaliChatClient"/> for example, is put in the picture's place. LLamaSharp's chat client drops pictures without a word; around
/// it, this one does not.
/// </summary>
/// <remarks>
/// The pictures are described one after the other before the inner client is called, each content once: a conversation that is sent again
/// with the next question costs nothing more.
/// </remarks>
public sealed class PictureChatClient : DelegatingChatClient
{
    private readonly IChatClient _pictures;
    private readonly string _prompt;
    private readonly ConditionalWeakTable<AIContent, string> _known = [];

    /// <summary>A client around another.</summary>
    /// <param name="inner">The client that answers; disposed with this one.</param>
    /// <param name="pictures">Is asked about each picture. It is not disposed with this client.</param>
    /// <param name="prompt">What it is asked: "caption en", "describe en", "ocr".</param>
    /// <exception cref="ArgumentException">The prompt is empty.</exception>
    public PictureChatClient(IChatClient inner, IChatClient pictures, string prompt = "caption en")
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentException.ThrowIfNullOrWhiteSpace(prompt);
        _pictures = pictures;
        _prompt = prompt;
    }

    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ChatMessage> described = await DescribeAsync(messages, cancellationToken).ConfigureAwait(false);
        return await base.GetResponseAsync(described, options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ChatMessage> described = await DescribeAsync(messages, cancellationToken).ConfigureAwait(false);
        IAsyncEnumerable<ChatResponseUpdate> updates = base.GetStreamingResponseAsync(described, options, cancellationToken);
        await foreach (ChatResponseUpdate update in updates.ConfigureAwait(false)) yield return update;
    }

    /// <summary>The messages with words in place of pictures; the caller's own stay as they are.</summary>
    private async Task<IReadOnlyList<ChatMessage>> DescribeAsync(IEnumerable<ChatMessage> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        List<ChatMessage> described = [];
        foreach (ChatMessage message in messages)
        {
            if (!message.Contents.Any(ChatPicture.Is))
            {
                described.Add(message);
                continue;
            }

            ChatMessage copy = message.Clone();
            copy.Contents = [];
            foreach (AIContent content in message.Contents)
            {
                copy.Contents.Add(ChatPicture.Is(content) ? await InWordsAsync(content, cancellationToken).ConfigureAwait(false) : content);
            }

            described.Add(copy);
        }

        return described;
    }

    private async Task<AIContent> InWordsAsync(AIContent picture, CancellationToken cancellationToken)
    {
        if (!_known.TryGetValue(picture, out string? description))
        {
            ChatMessage question = new(ChatRole.User, [picture, new TextContent(_prompt)]);
            ChatResponse response = await _pictures.GetResponseAsync([question], null, cancellationToken).ConfigureAwait(false);
            description = response.Text.Trim();
            _known.AddOrUpdate(picture, description);
        }

        return new TextContent($"[Picture: {description}] ");
    }
}
