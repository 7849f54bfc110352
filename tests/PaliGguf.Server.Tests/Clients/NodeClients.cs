using System.Diagnostics;
using System.Reflection;
using PaliGguf.Tests;

namespace PaliGguf.Server.Tests.Clients;

/// <summary>Clients that others have written in JavaScript. A script beside this is a list of tests of one of them, run by Node.</summary>
internal static class NodeClients
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The folder of their packages; null where the build did not bring them.</summary>
    public static string? Packages { get; } = typeof(NodeClients).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == "ChatClients")?.Value;

    /// <summary>Runs a script against a server; it must succeed.</summary>
    /// <param name="script">Its name without ending.</param>
    /// <param name="server">The server's address.</param>
    /// <param name="settings">Further environment variables.</param>
    public static async Task RunAsync(string script, Uri server, params (string Name, string Value)[] settings)
    {
        ProcessStartInfo start = new("node", [Path.Combine(AppContext.BaseDirectory, "Clients", $"{script}.cjs")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // So that the scripts find the packages by their names.
            Environment = { ["NODE_PATH"] = Packages, ["SERVER"] = server.ToString(), ["PICTURES"] = Path.Combine(Repository.PaliNano, "samples") },
        };
        foreach ((string name, string value) in settings) start.Environment[name] = value;
        using Process node = Process.Start(start)!;
        Task<string> output = node.StandardOutput.ReadToEndAsync(), errors = node.StandardError.ReadToEndAsync();
        using CancellationTokenSource patience = new(Patience);
        try
        {
            await node.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!node.HasExited) node.Kill(entireProcessTree: true);
        }

        Assert.True(node.ExitCode == 0, $"{await output}\n{await errors}");
    }
}

/// <summary>A test that needs Node and the clients' packages.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (NodeClients.Packages is null) Skip = "The chat clients come from npm, which the build did not find.";
    }
}
