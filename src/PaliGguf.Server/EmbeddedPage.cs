using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace PaliGguf.Server;

/// <summary>The files of a web page that are part of an assembly: what lies below its folder wwwroot, with index.html at the root.</summary>
internal static class EmbeddedPage
{
    private const string Folder = "wwwroot/";
    private const string Index = "index.html";

    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    /// <summary>Makes the files there are reachable.</summary>
    public static void Map(IEndpointRouteBuilder routes, Assembly assembly)
    {
        foreach (string resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            string path = resource[Folder.Length..].Replace('\\', '/');
            RequestDelegate send = Sender(assembly, resource, ContentTypes.TryGetContentType(path, out string? type) ? type : "application/octet-stream");
            routes.MapGet("/" + path, send);
            if (path == Index) routes.MapGet("/", send);
        }
    }

    private static RequestDelegate Sender(Assembly assembly, string resource, string type)
    {
        using Stream stream = assembly.GetManifestResourceStream(resource)!;
        byte[] file = new byte[stream.Length];
        stream.ReadExactly(file);
        EntityTagHeaderValue tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(file).AsSpan(0, 16))}\"");
        return context =>
        {
            // Asked for each time, and sent when it has changed.
            context.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Bytes(file, type, entityTag: tag).ExecuteAsync(context);
        };
    }
}
