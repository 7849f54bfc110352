using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace PaliGguf.Gguf;

/// <summary>A file mapped into memory, read-only. Safe for concurrent readers; each read holds the mapping, so that disposing waits for it.</summary>
internal sealed class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _mapping;
    private readonly MemoryMappedViewAccessor _view;
    private readonly SafeMemoryMappedViewHandle _handle;
    private readonly SafeFileHandle _file;

    private MappedFile(string path, SafeFileHandle file, FileGuard guard, MemoryMappedFile mapping, long length)
    {
        _file = file;
        Guard = guard;
        Stamp = FileStamp.Of(file);
        Path = path;
        Length = length;
        _mapping = mapping;
        _view = mapping.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _handle = _view.SafeMemoryMappedViewHandle;
    }

    /// <summary>The file's name as it was given.</summary>
    public string Path { get; }

    /// <summary>The file's length in bytes, at least 1.</summary>
    public long Length { get; }

    /// <summary>What the file was when it was mapped.</summary>
    public FileStamp Stamp { get; }

    /// <summary>Keeps it as it is. Whoever opened the file is a user, and may leave.</summary>
    public FileGuard Guard { get; }

    /// <summary>Makes sure that nobody has written to the file or shortened it, or is about to: reading what is gone would end the process.</summary>
    /// <exception cref="ModelChangedException">Somebody has, or is.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed before.</exception>
    public void RequireUnchanged()
    {
        // In this order: while the guard is on its post nothing changes.
        bool guarded = Guard.IsOnPost;
        Stamp.Require(Path, FileStamp.Of(_file));
        if (!guarded) throw ModelChangedException.BeingWritten(Path);
    }

    /// <summary>Maps a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">It is a folder, a pipe, or empty.</exception>
    public static MappedFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path)) throw new ModelFormatException(path, "this is a folder; expected a GGUF file.");
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file.", path);

        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        FileGuard guard = new(stream.SafeFileHandle);
        try
        {
            if (!stream.CanSeek) throw new ModelFormatException(path, "this is a pipe or a device; expected a GGUF file.");
            long length = stream.Length;
            if (length == 0) throw new ModelFormatException(path, "the file is empty; expected a GGUF file.");
            MemoryMappedFile mapping = MemoryMappedFile.CreateFromFile(
                stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            try
            {
                return new MappedFile(path, stream.SafeFileHandle, guard, mapping, length);
            }
            catch (Exception failure)
            {
                mapping.Dispose();
                if (failure is not IOException) throw;
                // The file is open already, so what is missing is room in the process's address space.
                throw new ModelMemoryException($"{path}: its {length} bytes can not be mapped into memory ({failure.Message}).", innerException: failure);
            }
        }
        catch
        {
            guard.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Holds the mapping until the result is disposed, even if this object is disposed meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">The file was disposed before.</exception>
    public MappedView Acquire() => new(_handle, Length);

    /// <summary>Bytes that stay valid until this object is disposed or collected, whichever is first.</summary>
    /// <exception cref="ObjectDisposedException">The file was disposed before.</exception>
    public ReadOnlySpan<byte> Span(long offset, int length)
    {
        using MappedView view = Acquire();
        return view.Slice(offset, length);
    }

    /// <summary>A stream over a part of the file; reading from it after this object was disposed fails cleanly.</summary>
    /// <exception cref="ObjectDisposedException">The file was disposed before.</exception>
    public Stream OpenRead(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        return new UnmanagedMemoryStream(_handle, offset, length, FileAccess.Read);
    }

    public void Dispose()
    {
        Guard.Dispose();
        _view.Dispose();
        _mapping.Dispose();
    }
}
