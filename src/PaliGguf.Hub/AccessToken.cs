using System.Text;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Hub;

/// <summary>Tells a hub who asks. It is shown nowhere.</summary>
public sealed class AccessToken
{
    private const int Longest = 4096;

    private AccessToken(string value) => Value = value;

    internal string Value { get; }

    /// <summary>Takes a text for a token; blanks around it do not count.</summary>
    /// <param name="text">The text.</param>
    /// <param name="origin">Where it comes from, for messages.</param>
    /// <exception cref="HubException">It can be none: it is empty, or has other characters than visible ASCII ones.</exception>
    public static AccessToken Parse(string text, string origin)
    {
        string token = text.Trim();
        if (token.Length is > 0 and <= Longest && token.All(character => character is > ' ' and < '\x7F')) return new AccessToken(token);
        throw new HubException($"{OneLine.Show(origin)}: there is no token in it: one line of letters and digits is expected ('hf_...')");
    }

    /// <summary>Reads one from a file.</summary>
    /// <exception cref="HubException">The file can not be read, or holds none.</exception>
    public static AccessToken Read(string path)
    {
        try
        {
            using FileStream file = RegularFile.Open(path);
            byte[] bytes = new byte[Longest + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return Parse(Encoding.ASCII.GetString(bytes, 0, length), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubException($"{OneLine.Show(path)}: the token can not be read: {OneLine.Show(e.Message)}", e);
        }
    }

    /// <summary>Says that there is one, and not which.</summary>
    public override string ToString() => "(a token)";
}
