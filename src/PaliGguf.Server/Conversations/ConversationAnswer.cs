using Microsoft.AspNetCore.Http;
using PaliGguf.Language;
using PaliGguf.Server.Work;

namespace PaliGguf.Server.Conversations;

/// <summary>An answer that has begun, with the turn in which it is made.</summary>
internal sealed class ConversationAnswer(
    HttpContext context, ModelWork work, ModelTurn turn, RunningAnswer answer, GenerationRequest request) : IAsyncDisposable
{
    public ModelTurn Turn => turn;

    /// <summary>What is answered, without the pictures.</summary>
    public GenerationRequest Request => request;

    /// <summary>The tokens as they come, once.</summary>
    public IAsyncEnumerable<GeneratedToken> TokensAsync() => answer.TokensAsync();

    /// <summary>The whole answer.</summary>
    public async Task<GenerationResult> ResultAsync()
    {
        GenerationResult result = await answer.ResultAsync();
        work.Log(context, request.Prompt, result.Text);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        await answer.DisposeAsync();
        turn.Dispose();
    }
}
