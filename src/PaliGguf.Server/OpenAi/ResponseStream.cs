using PaliGguf.Language;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.OpenAi;

/// <summary>Sends an answer piece by piece, as the events of OpenAI's responses.</summary>
/// <param name="events">Where to.</param>
/// <param name="begun">The answer at its beginning.</param>
/// <param name="item">The name of its message.</param>
internal sealed class ResponseStream(EventStream events, ResponseJson begun, string item)
{
    private int _sent;

    /// <summary>Sends the answer.</summary>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="end">Makes the whole of it when they have come.</param>
    public async Task SendAsync(IAsyncEnumerable<GeneratedToken> tokens, Func<Task<ResponseJson>> end)
    {
        await SendAsync("response.created", seen => seen with { Response = begun });
        await SendAsync("response.in_progress", seen => seen with { Response = begun });
        ResponseOutput empty = new(item, "in_progress", []);
        await SendAsync("response.output_item.added", seen => seen with { OutputIndex = 0, Item = empty });
        await SendAsync("response.content_part.added", seen => OfPart(seen) with { Part = new ResponseText("") });
        await foreach (GeneratedToken token in tokens)
        {
            if (token.Text.Length == 0) continue;
            await SendAsync("response.output_text.delta", seen => OfPart(seen) with { Delta = token.Text, Logprobs = [] });
        }

        ResponseJson whole = await end();
        ResponseOutput message = whole.Output[0];
        ResponseText text = message.Content[0];
        await SendAsync("response.output_text.done", seen => OfPart(seen) with { Text = text.Text, Logprobs = [] });
        await SendAsync("response.content_part.done", seen => OfPart(seen) with { Part = text });
        await SendAsync("response.output_item.done", seen => seen with { OutputIndex = 0, Item = message });
        await SendAsync($"response.{whole.Status}", seen => seen with { Response = whole });
    }

    /// <summary>Tells that the answer does not go on.</summary>
    /// <returns>What is to be thrown.</returns>
    public Task<BrokenOffException> BreakOffAsync(RejectionException reason)
    {
        ResponseEvent error = new("error", _sent) { Code = reason.Code, Message = reason.Message, Param = reason.Parameter };
        return events.BreakOffAsync(error.Type, error, OpenAiJson.Plain.ResponseEvent, reason);
    }

    private ResponseEvent OfPart(ResponseEvent seen) => seen with { ItemId = item, OutputIndex = 0, ContentIndex = 0 };

    private Task SendAsync(string type, Func<ResponseEvent, ResponseEvent> fill) =>
        events.SendAsync(type, fill(new ResponseEvent(type, _sent++)), OpenAiJson.Plain.ResponseEvent);
}
