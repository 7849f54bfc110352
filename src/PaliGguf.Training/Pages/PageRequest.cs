using System.Text;

namespace PaliGguf.Training.Pages;

/// <summary>What of a request is looked at: its first line, and the name that it is for.</summary>
/// <param name="Method">GET, HEAD, or another.</param>
/// <param name="Target">What is asked for.</param>
/// <param name="Host">The name and the port.</param>
internal sealed record PageRequest(string Method, string Target, string Host)
{
    private const int Longest = 16 << 10;
    private const string End = "\r\n\r\n";

    /// <summary>Reads a request's head.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>Null if it is none, or too long.</returns>
    public static async Task<PageRequest?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] head = new byte[Longest];
        int length = 0;
        while (length < Longest)
        {
            int count = await stream.ReadAsync(head.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (count == 0) return null;
            length += count;
            string text = Encoding.Latin1.GetString(head, 0, length);
            int end = text.IndexOf(End, StringComparison.Ordinal);
            if (end >= 0) return Parse(text[..end].Split("\r\n"));
        }

        return null;
    }

    private static PageRequest? Parse(string[] lines)
    {
        const string Name = "Host:";
        string[] first = lines[0].Split(' ');
        string[] hosts = [.. lines.Skip(1).Where(line => line.StartsWith(Name, StringComparison.OrdinalIgnoreCase))];
        bool isSound = first is [{ Length: > 0 }, { Length: > 0 }, "HTTP/1.1" or "HTTP/1.0"] && hosts.Length == 1;
        return isSound ? new PageRequest(first[0], first[1], hosts[0][Name.Length..].Trim()) : null;
    }
}
