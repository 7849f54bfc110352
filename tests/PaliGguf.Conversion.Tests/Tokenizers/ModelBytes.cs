using System.Text;
using PaliGguf.Conversion.Tokenizers;

namespace PaliGguf.Conversion.Tests.Tokenizers;

/// <summary>Builds SentencePiece models, sound and unsound, field by field.</summary>
internal sealed class ModelBytes
{
    public List<Piece> Pieces { get; } =
    [
        new("<pad>", 0, PieceType.Control),
        new("<eos>", 0, PieceType.Control),
        new("<bos>", 0, PieceType.Control),
        new("<unk>", 0, PieceType.Unknown),
        .. Enumerable.Range(0, 256).Select(value => new Piece($"<0x{value:X2}>", 0, PieceType.Byte)),
        new("\u2581the", -1.5f, PieceType.Normal),
        new("\u2581\u2581", 0, PieceType.UserDefined),
    ];

    public List<byte> Trainer { get; } = [.. Varint(3, 2), .. Varint(40, 3), .. Varint(41, 2), .. Varint(42, 1), .. Varint(43, 0)];

    public List<byte> Normalizer { get; } = [.. Bytes(1, "identity"u8), .. Bytes(2, []), .. Varint(3, 0), .. Varint(4, 0)];

    public byte[] ToArray() => [.. Pieces.SelectMany(piece => Bytes(1, PieceBytes(piece))), .. Bytes(2, [.. Trainer]), .. Bytes(3, [.. Normalizer])];

    public static byte[] PieceBytes(Piece piece) =>
        [.. Bytes(1, Encoding.UTF8.GetBytes(piece.Text)), .. Tag(2, 5), .. BitConverter.GetBytes(piece.Score), .. Varint(3, (ulong)piece.Type)];

    public static byte[] Varint(int field, ulong value) => [.. Tag(field, 0), .. Raw(value)];

    public static byte[] Bytes(int field, ReadOnlySpan<byte> content) => [.. Tag(field, 2), .. Raw((ulong)content.Length), .. content];

    public static byte[] Tag(int field, int wire) => Raw((ulong)((field << 3) | wire));

    public static byte[] Raw(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
