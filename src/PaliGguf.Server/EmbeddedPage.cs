using System.IO.Compression;
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
    private const string Packing = "gzip";

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
        Sendable whole = Sendable.Of(file);
        Sendable? packed = IsText(type) ? Sendable.Of(Pack(file)) : null;
        return context =>
        {
            // Asked for each time, and sent when it has changed.
            IHeaderDictionary headers = context.Response.Headers;
            headers.CacheControl = "no-cache";
            bool sendPacked = packed is not null && Takes(context.Request);
            if (packed is not null) headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
            if (sendPacked) headers.ContentEncoding = Packing;
            (byte[] bytes, EntityTagHeaderValue tag) = sendPacked ? packed! : whole;
            return TypedResults.Bytes(bytes, type, entityTag: tag).ExecuteAsync(context);
        };
    }

    private static bool IsText(string type) => type.StartsWith("text/", StringComparison.Ordinal) || type == "image/svg+xml";

    private static bool Takes(HttpRequest request) => request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value == Packing && coding.Quality is not 0);

    private static byte[] Pack(byte[] file)
    {
        using MemoryStream packed = new();
        using (GZipStream writer = new(packed, CompressionLevel.Optimal)) writer.Write(file);
        return packed.ToArray();
    }

    /// <summary>A file as it is sent, and what tells it from others.</summary>
    private sealed record Sendable(byte[] Bytes, EntityTagHeaderValue Tag)
    {
        public static Sendable Of(byte[] bytes) => new(bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\""));
    }
}
