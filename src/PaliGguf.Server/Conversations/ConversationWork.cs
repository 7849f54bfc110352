using Microsoft.AspNetCore.Http;
using PaliGguf.Language;
using PaliGguf.Server.Http;
using PaliGguf.Server.Models;
using PaliGguf.Server.Pictures;
using PaliGguf.Server.Work;

namespace PaliGguf.Server.Conversations;

/// <summary>Answers the question of a conversation, by whichever API it came.</summary>
internal sealed class ConversationWork(PictureSources pictures, ModelWork work)
{
    /// <summary>Waits for a turn, and for the first token of the answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="use">The model that it means.</param>
    /// <param name="sent">The pictures that it is about.</param>
    /// <param name="generation">What is asked, and how it is answered.</param>
    /// <returns>The answer; disposing it ends it.</returns>
    public async Task<ConversationAnswer> BeginAsync(
        HttpContext context, ModelUse use, IReadOnlyList<PictureData> sent, GenerationRequest generation)
    {
        List<PictureFile> files = [];
        foreach (PictureData picture in sent) files.Add(await pictures.FindAsync(picture, RequestClock.Of(context).Token));
        ModelTurn turn = await work.BeginAsync(context, use, "chat", files);
        try
        {
            return new ConversationAnswer(context, work, turn, await turn.StartAsync(generation), generation);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }
}
