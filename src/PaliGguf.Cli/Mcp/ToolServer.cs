using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PaliGguf.AI;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Hosting.Pictures;
using PaliGguf.Tasks;

namespace PaliGguf.Cli.Mcp;

/// <summary>Serves the tools on standard input and output until the client closes them. The model loads meanwhile.</summary>
internal sealed class ToolServer(UserSettings settings, ModelLoader loader, ILoggerFactory loggers)
{
    private const int PromptTokens = 512;
    private const string WayOut = "name a file there, send the picture itself as 'image', or start the server with --allow FOLDER.";

    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(700);

    /// <summary>Serves one client.</summary>
    /// <param name="folders">The folders whose pictures it may have read; none for the current directory.</param>
    /// <param name="images">How many pictures a prompt may have.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> folders, int images, CancellationToken cancellationToken)
    {
        AllowedFolders allowed = AllowedFolders.Of(folders, "server", WayOut);
        long answerTokens = Math.Max((long)settings.MaxTokens * settings.Beams, settings.Instances.MaxTokens);
        ModelOptions options = loader.Options(images, PromptTokens + answerTokens, settings.Beams);
        // What is wrong with the settings is told now, not to the first call.
        _ = (settings.Sampling, PromptLanguage.Require(settings.Lang));
        // Standard output belongs to the protocol, whatever else may want to print.
        Console.SetOut(Console.Error);

        LoadWatch watch = new();
        PaliModelProvider provider = new(stop => loader.LoadAsync(options, stop, watch));
        Task ahead = LoadAheadAsync(provider, cancellationToken);
        ToolBench bench = new(new ToolPictures(allowed, settings.PictureLimits, images), new ToolModel(provider, watch), settings);
        McpServer server =
            McpServer.Create(new StdioServerTransport(ErrorLine.ProgramName, loggers), ServerOptions(bench, allowed), loggers);
        await server.RunAsync(cancellationToken);
        Task closing = CloseAsync(server, provider, ahead);
        // A model that is being read takes its time to notice.
        if (await Task.WhenAny(closing, Task.Delay(Grace, CancellationToken.None)) != closing) ProcessExit.Now(cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Success);
        await closing;
        bench.Dispose();
        return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Success;
    }

    private static McpServerOptions ServerOptions(ToolBench bench, AllowedFolders allowed) => new()
    {
        ServerInfo = new Implementation
        {
            Name = ErrorLine.ProgramName, Title = "PaliGguf", Version = typeof(ToolServer).Assembly.GetName().Version!.ToString(3),
        },
        ServerInstructions = $"Looks at pictures with a PaliGemma model on this computer. Files are read in: {allowed.Names}.",
        ToolCollection =
        [
            AnswerTools.Caption(bench), AnswerTools.Describe(bench), AnswerTools.Ask(bench), AnswerTools.ReadText(bench),
            InstanceTool.Detect(bench), InstanceTool.Segment(bench), new ChoiceTool(bench),
            AnswerTools.Generate(bench), AnswerTools.Video(bench), new EachTool(bench),
        ],
    };

    private static async Task LoadAheadAsync(PaliModelProvider provider, CancellationToken cancellationToken)
    {
        try
        {
            await provider.GetAsync(cancellationToken);
        }
        catch (Exception failure)
        {
            // Calls tell the client; the next one tries again.
            if (failure is not OperationCanceledException) ErrorLine.Print(ErrorLine.Message(failure));
        }
    }

    private static async Task CloseAsync(McpServer server, PaliModelProvider provider, Task ahead)
    {
        await Task.WhenAll(server.DisposeAsync().AsTask(), provider.DisposeAsync().AsTask());
        await ahead;
    }
}
