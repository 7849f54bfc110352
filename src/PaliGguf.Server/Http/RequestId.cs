using Microsoft.AspNetCore.Http;

namespace PaliGguf.Server.Http;

/// <summary>Names a request in its answer and in the log: with the client's own name for it, if that is harmless.</summary>
internal static class RequestId
{
    public const string Header = "X-Request-Id";

    private const int Longest = 64;

    /// <summary>Gives a request its name.</summary>
    public static void Assign(HttpContext context)
    {
        string given = context.Request.Headers[Header].ToString();
        bool harmless = given.Length is > 0 and <= Longest && given.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');
        context.TraceIdentifier = harmless ? given : Guid.NewGuid().ToString("N");
        context.Response.Headers[Header] = context.TraceIdentifier;
    }
}
