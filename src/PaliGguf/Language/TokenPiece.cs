using System.Text;
using System.Text.Unicode;

namespace PaliGguf.Language;

/// <summary>What a token stands for.</summary>
internal sealed class TokenPiece
{
    public TokenPiece(byte[] bytes)
    {
        Bytes = bytes;
        Text = Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }

    /// <summary>Its bytes in UTF-8; none for a control token.</summary>
    public byte[] Bytes { get; }

    /// <summary>Its text; null where the bytes are not whole characters.</summary>
    public string? Text { get; }
}
