using System.Net;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Hub.Http;

/// <summary>What an answer other than success means, and what to do about it.</summary>
internal static class Refusal
{
    private const string GiveToken = "give a token as HF_TOKEN or in a file by --token-file";
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(30);

    /// <summary>The failure that a status stands for.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="endpoint">The hub.</param>
    /// <param name="subject">What was asked for: a repository, or a file of one.</param>
    /// <param name="page">The repository's page, where licences are accepted.</param>
    /// <param name="hasToken">Whether the hub was told who asks.</param>
    /// <returns>An <see cref="Interruption"/> where another attempt may succeed.</returns>
    public static HubException Of(HttpResponseMessage response, Uri endpoint, string subject, Uri page, bool hasToken)
    {
        string? code = HubAnswer.Value(response.Headers, "X-Error-Code");
        string hub = OneLine.Show(response.RequestMessage?.RequestUri?.Host ?? endpoint.Host);
        string at = HubAddress.Show(page);
        return (response.StatusCode, code) switch
        {
            (HttpStatusCode.TooManyRequests, _) =>
                new Interruption($"{hub} says that these were too many requests (429){Login(hasToken)}", Wait(response) ?? Usual),
            (HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError, _) =>
                new Interruption($"{hub} answered with status {(int)response.StatusCode}", Wait(response)),
            (_, "GatedRepo") when hasToken => new HubException(
                $"{subject} is gated, and the token's owner has not been let in: accept its licence at {at}, then try again"),
            (_, "GatedRepo") => new HubException(
                $"{subject} is gated: accept its licence at {at}, make a token that may read (at {Tokens(endpoint)}), and {GiveToken}"),
            (_, "RevisionNotFound") => new HubException($"{subject}: there is no such revision; {at} lists its branches"),
            (_, "EntryNotFound") => new HubException($"{subject}: there is no such file"),
            (HttpStatusCode.Unauthorized, "RepoNotFound" or null) when !hasToken => new HubException(
                $"{subject}: there is no such repository at {hub}, or it is private or gated: if {at} has it, {GiveToken}"),
            (HttpStatusCode.Unauthorized, _) => new HubException(
                $"{subject}: {hub} does not take the token (401): is it of {hub}, and has it expired? {Tokens(endpoint)} lists yours"),
            (HttpStatusCode.Forbidden, _) => new HubException(
                $"{subject}: {hub} does not let the token's owner in (403): accept its licence at {at}, or let the token read "
                + $"gated repositories ({Tokens(endpoint)})"),
            (HttpStatusCode.NotFound, _) when hasToken => new HubException($"{subject}: {hub} has no such repository or file (404)"),
            (HttpStatusCode.NotFound, _) => new HubException(
                $"{subject}: {hub} has no such repository or file (404); of private ones it says so to whom it does not know"),
            (HttpStatusCode.RequestedRangeNotSatisfiable, _) =>
                new HubException($"{subject}: the file is shorter than the repository says (416)"),
            _ => new HubException($"{subject}: {hub} answered with status {(int)response.StatusCode}"),
        };
    }

    // Of the hub's own header it is the seconds until its count begins anew: "api";r=0;t=55.
    private static TimeSpan? Wait(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is { } after)
            return after.Delta ?? (after.Date - DateTimeOffset.UtcNow is { } left && left > TimeSpan.Zero ? left : TimeSpan.Zero);
        string[] limits = HubAnswer.Value(response.Headers, "RateLimit")?.Split(';', StringSplitOptions.TrimEntries) ?? [];
        string? limit = Array.Find(limits, part => part.StartsWith("t=", StringComparison.Ordinal));
        return int.TryParse(limit?[2..], out int seconds) && seconds >= 0 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static string Login(bool hasToken) => hasToken ? "" : "; who gives a token has a higher limit";

    private static string Tokens(Uri endpoint) => HubAddress.Show(HubAddress.Below(endpoint, "settings/tokens"));
}
