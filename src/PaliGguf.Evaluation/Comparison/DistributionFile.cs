using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PaliGguf.Evaluation.Comparison;

/// <summary>Distributions on the disk, in a file that vanishes with the process at the latest: with PaliGemma's vocabulary one of them takes a megabyte.</summary>
internal sealed class DistributionFile : IDisposable
{
    private readonly string _folder;
    private readonly SafeFileHandle _file;
    private long _length;

    /// <param name="folder">Where the file lies; null for the system's folder for temporary files.</param>
    public DistributionFile(string? folder)
    {
        _folder = Path.GetFullPath(folder ?? Path.GetTempPath());
        try
        {
            _file = ScratchFile.Open(_folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    /// <summary>Makes sure that the disk has room for further distributions, as far as its free space can be told.</summary>
    /// <exception cref="PaliException">It has not.</exception>
    public void RequireSpace(long bytes)
    {
        long available;
        try
        {
            available = new DriveInfo(_folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return;
        }

        if (bytes > available)
        {
            throw new PaliException(
                $"{_folder}: the next answer's distributions may take {bytes:N0} bytes, and {available:N0} are free: compare fewer pictures or shorter answers, or choose another folder for temporary files.");
        }
    }

    /// <summary>Appends a distribution, as long as all others.</summary>
    /// <exception cref="PaliException">The disk does not take it.</exception>
    public void Append(ReadOnlySpan<float> logits)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(logits);
        try
        {
            RandomAccess.Write(_file, bytes, _length);
        }
        catch (IOException e)
        {
            throw Failed(e);
        }

        _length += bytes.Length;
    }

    /// <summary>Reads a distribution.</summary>
    /// <param name="index">Which one, from 0.</param>
    /// <param name="logits">As long as it was written.</param>
    /// <exception cref="PaliException">The disk does not give it back.</exception>
    public void Read(long index, Span<float> logits)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(logits);
        try
        {
            if (_file.ReadFully(bytes, index * bytes.Length) < bytes.Length) throw new EndOfStreamException("it ends early.");
        }
        catch (IOException e)
        {
            throw Failed(e);
        }
    }

    public void Dispose() => _file.Dispose();

    private PaliException Failed(Exception cause) => new($"{_folder}: the distributions can not be kept in a temporary file: {cause.Message.ReplaceLineEndings(" ")}", cause);
}
