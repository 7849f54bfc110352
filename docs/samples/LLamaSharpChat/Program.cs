// Chats with a text model and looks at pictures, in one process and with one set of native libraries:
// dotnet run --project docs/samples/LLamaSharpChat [CHAT.gguf]
using LLama;
using LLama.Abstractions;
using LLama.Common;
using LLama.Native;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using PaliGguf.AI;

const string PaliGemma = "models/pali-nano/pali-nano-Q8_0.gguf";
NativeLogConfig.llama_log_set((_, _) => { });

// The program's own chat. Without a model of yours it is the text half of pali-nano, which never learned to chat and has no template.
string chatPath = args.Length > 0 ? args[0] : PaliGemma;
using LLamaWeights chatWeights = LLamaWeights.LoadFromFile(new ModelParams(chatPath));
StatelessExecutor executor = new(chatWeights, new ModelParams(chatPath) { ContextSize = 1024 });
using IChatClient chat = executor.AsChatClient(args.Length > 0 ? null : new LastMessage());

// PaliGemma beside it: over the chat's weights where they are of the same file, else loaded by LLamaSharp too.
ServiceCollection services = new();
services.AddPaliGguf(options => options.Model = PaliGemma).UseLLamaSharp(chatPath == PaliGemma ? _ => chatWeights : null);
await using ServiceProvider provider = services.BuildServiceProvider();
IChatClient pictures = provider.GetRequiredService<IChatClient>();
PictureChatClient both = new(chat, pictures);

DataContent turtle = await DataContent.LoadFromAsync("models/pali-nano/samples/scene_01.png");
ChatOptions options = new() { MaxOutputTokens = 24, Temperature = 0 };
await AskAsync("LLamaSharp without a picture", chat, new TextContent("describe en"));
await AskAsync("LLamaSharp with the picture", chat, turtle, new TextContent("describe en"));
await AskAsync("PaliGguf with the picture", pictures, turtle, new TextContent("describe en"));
await AskAsync("PaliGguf, a question about it", pictures, turtle, new TextContent("answer en what color is the background?"));
await AskAsync("LLamaSharp, told what is in it", both, turtle, new TextContent("describe en"));

async Task AskAsync(string who, IChatClient client, params AIContent[] contents)
{
    ChatResponse response = await client.GetResponseAsync([new ChatMessage(ChatRole.User, contents)], options);
    Console.WriteLine($"{who}: {response.Text.Trim()}");
}

/// <summary>For a model without a template: the last message as it is.</summary>
internal sealed class LastMessage : IHistoryTransform
{
    public string HistoryToText(ChatHistory history) => history.Messages[^1].Content + "\n";

    public ChatHistory TextToHistory(AuthorRole role, string text) => new([new ChatHistory.Message(role, text)]);

    public IHistoryTransform Clone() => this;
}
