using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PaliGguf.Evaluation.Journals;

/// <summary>
/// Tells files apart without reading all of them: a hash of the length, the first mebibyte and 64 pieces in even distances. Other weights
/// of the same model differ everywhere.
/// </summary>
public static class FileFingerprint
{
    private const int First = 1 << 20;
    private const int Pieces = 64;
    private const int Piece = 1 << 14;
    private const int Digits = 16;

    /// <summary>The fingerprint of a file: 16 hexadecimal digits.</summary>
    /// <exception cref="PaliException">It can not be read.</exception>
    public static string Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream file = RegularFile.Open(path);
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[First];
            BinaryPrimitives.WriteInt64LittleEndian(buffer, file.Length);
            hash.AppendData(buffer, 0, sizeof(long));
            Append(0, First);
            for (int i = 1; i <= Pieces && file.Length > First; i++) Append(Math.Max(0, (file.Length - Piece) * i / Pieces), Piece);
            return Convert.ToHexStringLower(hash.GetHashAndReset())[..Digits];

            void Append(long position, int length)
            {
                file.Position = position;
                hash.AppendData(buffer, 0, file.ReadAtLeast(buffer.AsSpan(0, length), length, throwOnEndOfStream: false));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PaliException($"{path}: it can not be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
