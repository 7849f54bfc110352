using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

ServiceCollection services = new();
services.AddPaliGguf(options => options.Model = "models/pali-nano");
await using ServiceProvider provider = services.BuildServiceProvider();

IChatClient client = provider.GetRequiredService<IChatClient>();
DataContent picture = await DataContent.LoadFromAsync("models/pali-nano/samples/scene_01.png");
ChatMessage message = new(ChatRole.User, [picture, new TextContent("caption en")]);
ChatOptions options = new() { MaxOutputTokens = 64 };

await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync([message], options))
    Console.Write(update.Text);
Console.WriteLine();
