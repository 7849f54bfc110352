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
        Command command = new("mcp", "Serve agents over the Model Context Protocol, on standard input and output.") { allow };
        command.SetAction((parse, _) => CommandHost.RunAsync<ToolServer>(parse, (server, cancellationToken) => server.RunAsync(parse.GetValue(allow) ?? [], cancellationToken)));
        return command;
    }
}
