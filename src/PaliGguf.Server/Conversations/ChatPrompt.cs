using PaliGguf.Server.Http;
using PaliGguf.Server.Pictures;
using PaliGguf.Server.Work;
using PaliGguf.Tasks;

namespace PaliGguf.Server.Conversations;

/// <summary>What a chat request asks a model that knows no conversations: the text of its last user message, about the pictures of the
/// latest message that has any.</summary>
/// <param name="Text">The prompt.</param>
/// <param name="Pictures">The pictures, in their order.</param>
internal sealed record ChatPrompt(string Text, IReadOnlyList<PictureData> Pictures)
{
    /// <summary>Reads a conversation.</summary>
    /// <param name="turns">Its messages, the latest last.</param>
    /// <param name="field">What the request calls them.</param>
    /// <param name="options">What the server lets through.</param>
    /// <exception cref="RejectionException">It asks nothing that can be answered.</exception>
    /// <exception cref="FieldException">A picture is none.</exception>
    public static ChatPrompt Of(IReadOnlyList<ChatTurn<ChatPicture>> turns, string field, ServerOptions options)
    {
        ChatQuestion<ChatPicture> question = Question(turns, field, options.AllowTextOnly);
        if (question.Pictures.Count > PictureSources.Most)
            throw Rejection.Invalid(field, $"There are {question.Pictures.Count} pictures; at most {PictureSources.Most} are read.");
        string prompt = RequestLimits.Within(field, question.Prompt);
        return new ChatPrompt(options.NaturalQuestions ? NaturalPrompt.Of(prompt) : prompt,
            [.. question.Pictures.Select(picture => PictureData.Read(picture.Value, picture.Place))]);
    }

    private static ChatQuestion<ChatPicture> Question(IReadOnlyList<ChatTurn<ChatPicture>> turns, string field, bool allowTextOnly)
    {
        try
        {
            return ChatQuestion<ChatPicture>.Of(turns, allowTextOnly ? null : "--allow-text-only");
        }
        catch (ArgumentException unanswerable)
        {
            throw Rejection.Invalid(field, unanswerable.Message);
        }
    }
}
