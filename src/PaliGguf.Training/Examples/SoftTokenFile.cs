using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PaliGguf.Training.Examples;

/// <summary>
/// Soft tokens of pictures on the disk, as 32-bit floats, so that a frozen tower sees each picture once. A file of another tower or of
/// other pictures is begun anew.
/// </summary>
internal sealed class SoftTokenFile : IDisposable
{
    private const int KeyBytes = 32, FlagBytes = 8;

    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, int> _places;
    private readonly int _length;
    private readonly string _path;

    private SoftTokenFile(string path, SafeFileHandle file, Dictionary<string, int> places, int length) =>
        (_path, _file, _places, _length) = (path, file, places, length);

    /// <summary>Opens or begins a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tower">What tells towers apart.</param>
    /// <param name="pictures">The names of all pictures, each once.</param>
    /// <param name="length">Numbers of a picture.</param>
    /// <exception cref="PaliException">It can not be opened, or the disk is too small.</exception>
    public static SoftTokenFile Open(string path, string tower, IReadOnlyList<string> pictures, int length)
    {
        byte[] key = SHA256.HashData(Encoding.UTF8.GetBytes($"{tower}\0{length}\0{string.Join('\0', pictures)}"));
        Dictionary<string, int> places = pictures.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        try
        {
            SafeFileHandle file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            byte[] found = new byte[KeyBytes];
            if (file.ReadFully(found, 0) < KeyBytes || !found.AsSpan().SequenceEqual(key))
            {
                RandomAccess.SetLength(file, 0);
                RandomAccess.Write(file, key, 0);
            }

            return new SoftTokenFile(path, file, places, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PaliException($"{path}: soft tokens can not be kept there: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Reads a picture's.</summary>
    /// <returns>Null if they are not there yet.</returns>
    public float[]? Read(string picture)
    {
        byte[] record = new byte[RecordBytes];
        if (_file.ReadFully(record, Place(picture)) < record.Length || BinaryPrimitives.ReadInt64LittleEndian(record) != 1)
            return null;
        float[] values = new float[_length];
        Buffer.BlockCopy(record, FlagBytes, values, 0, _length * sizeof(float));
        return values;
    }

    /// <summary>
    /// Keeps a picture's. Whatever ends the process, they are there wholly or not at all: their flag is written after them.
    /// </summary>
    /// <exception cref="PaliException">The disk is full.</exception>
    public void Write(string picture, ReadOnlySpan<float> values)
    {
        byte[] flag = new byte[FlagBytes];
        BinaryPrimitives.WriteInt64LittleEndian(flag, 1);
        try
        {
            RandomAccess.Write(_file, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values), Place(picture) + FlagBytes);
            RandomAccess.Write(_file, flag, Place(picture));
        }
        catch (IOException e)
        {
            throw new PaliException($"{_path}: soft tokens can not be kept: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private long RecordBytes => FlagBytes + ((long)_length * sizeof(float));

    private long Place(string picture) => KeyBytes + (_places[picture] * RecordBytes);
}
