using System.CommandLine;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Mcp;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf mcp".</summary>
internal static class McpCommand
{
    public static Command Create()
    {
        PathsOption allow = new("--allow")
        {
            Description = "A folder whose pictures may be read; may be given several times. Default: the current directory.",
            HelpName = "DIR",
        };
        Option<int> images = new("--images")
        {
            Description = "How many pictures, or frames of a video, a prompt may have, for which the context has room: 1 to 256. Default: 2.",
            HelpName = "N",
            DefaultValueFactory = _ => 2,
        };
        Command command = new("mcp", "Serve agents over the Model Context Protocol, on standard input and output.") { allow, images };
        command.SetAction((parse, _) => CommandHost.RunAsync<ToolServer>(parse, (server, cancellationToken) => server.RunAsync(
            parse.GetValue(allow) ?? [], Images(parse.GetValue(images)), cancellationToken)));
        return command;
    }

    private static int Images(int count) => count is >= 1 and <= 256 ? count : throw new UsageException($"--images is {count}; expected 1 to 256.");
}
