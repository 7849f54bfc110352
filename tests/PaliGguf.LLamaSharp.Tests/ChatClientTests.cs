using LLama;
using LLama.Abstractions;
using LLama.Common;
using Microsoft.Extensions.AI;
using PaliGguf.AI;
using PaliGguf.Tests;

namespace PaliGguf.LLamaSharp.Tests;

/// <summary>LLamaSharp's chat client, which drops pictures, and beside and around it those that do not.</summary>
public sealed class ChatClientTests : IAsyncLifetime, IDisposable
{
    private static readonly ChatOptions Greedy = new() { MaxOutputTokens = 8, Temperature = 0 };
    private readonly LLamaWeights _weights = Nano.LoadWeights();
    private PaliChatClient _pictures = null!;
    private Recorder _theirs = null!;

    public async Task InitializeAsync()
    {
        PaliModel model = await LLamaSharpModel.LoadAsync(_weights, Nano.TextPath, Models.OneThread);
        _pictures = new PaliChatClient(model, ownsModel: true);
        StatelessExecutor executor = new(_weights, new ModelParams(Nano.TextPath) { ContextSize = 512, Threads = 1, BatchThreads = 1 });
        _theirs = new Recorder(executor.AsChatClient());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _theirs.Dispose();
        _pictures.Dispose();
        _weights.Dispose();
    }

    [Fact]
    public async Task Theirs_answers_as_if_there_were_no_picture_and_ours_tells_what_is_in_it()
    {
        string without = (await _theirs.GetResponseAsync([Nano.Ask("caption en")], Greedy)).Text;
        Assert.Equal(without, (await _theirs.GetResponseAsync([Nano.Ask("caption en", Nano.Turtle)], Greedy)).Text);
        Assert.Equal(Nano.TurtleCaption, (await _pictures.GetResponseAsync([Nano.Ask("caption en", Nano.Turtle)])).Text);
    }

    [Fact]
    public async Task Around_theirs_a_picture_becomes_words()
    {
        using PictureChatClient both = new(_theirs, _pictures);
        ChatMessage question = Nano.Ask("what is it?", Nano.Turtle);
        ChatMessage[] conversation = [new(ChatRole.System, "be kind"), question];
        string streamed = (await both.GetStreamingResponseAsync(conversation, Greedy).ToChatResponseAsync()).Text;
        Assert.Equal(["be kind", $"[Picture: {Nano.TurtleCaption}] what is it?"], _theirs.Last!.Select(message => message.Text));

        // The caller's own message is as it was.
        Assert.IsType<DataContent>(question.Contents[0]);
        string whole = (await both.GetResponseAsync(conversation, Greedy)).Text;
        Assert.Equal(whole, streamed);
    }

    [Fact]
    public async Task A_picture_of_no_particular_type_becomes_words_too()
    {
        using PictureChatClient both = new(_theirs, _pictures);
        DataContent stream = new(File.ReadAllBytes(Nano.Turtle), "application/octet-stream");
        await both.GetResponseAsync([new ChatMessage(ChatRole.User, [stream, new TextContent("what is it?")])], Greedy);
        Assert.Equal($"[Picture: {Nano.TurtleCaption}] what is it?", _theirs.Last!.Single().Text);
    }

    [Fact]
    public async Task A_picture_is_described_once_in_a_conversation()
    {
        using Recorder counted = new(_pictures);
        using PictureChatClient both = new(_theirs, counted, "answer en what color is the background?");
        List<ChatMessage> conversation = [Nano.Ask("and now?", Nano.Turtle)];
        await both.GetResponseAsync(conversation, Greedy);
        conversation.AddRange([new ChatMessage(ChatRole.Assistant, "yes"), Nano.Ask("and then?")]);
        await both.GetResponseAsync(conversation, Greedy);
        Assert.Equal(1, counted.Calls);
        Assert.Equal(["[Picture: orange] and now?", "yes", "and then?"], _theirs.Last!.Select(message => message.Text));
    }

    [Fact]
    public async Task What_the_pictures_client_refuses_is_refused()
    {
        using PictureChatClient both = new(_theirs, _pictures);
        ChatMessage remote = new(ChatRole.User, [new UriContent("http://127.0.0.1/x.png", "image/png"), new TextContent("what is it?")]);
        await Assert.ThrowsAsync<NotSupportedException>(() => both.GetResponseAsync([remote], Greedy));
        Assert.Throws<ArgumentException>(() => new PictureChatClient(_theirs, _pictures, " "));
    }

    /// <summary>Keeps what it was asked last, and leaves the client that it is around to whoever made it.</summary>
    private sealed class Recorder(IChatClient inner) : DelegatingChatClient(inner)
    {
        public IReadOnlyList<ChatMessage>? Last { get; private set; }

        public int Calls { get; private set; }

        public override Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            (Last, Calls) = ([.. messages], Calls + 1);
            return base.GetResponseAsync(Last, options, cancellationToken);
        }

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            (Last, Calls) = ([.. messages], Calls + 1);
            return base.GetStreamingResponseAsync(Last, options, cancellationToken);
        }

#pragma warning disable CA2215 // As the summary says.
        protected override void Dispose(bool disposing)
        {
        }
#pragma warning restore CA2215
    }
}
