using Microsoft.Win32.SafeHandles;

namespace PaliGguf.Conversion.Sources;

/// <summary>
/// An .npz file: a zip archive of .npy files, one for each array, of any size. Arrays are read in pieces: in place where they are stored as they are (<c>numpy.savez</c>),
/// from a temporary file where they are compressed (<c>numpy.savez_compressed</c>). The names of the entries are only names.
/// </summary>
internal sealed class NpzFile : IDisposable
{
    private const string Ending = ".npy";
    private readonly SafeFileHandle _file;
    private readonly string _scratchFolder;
    private readonly Dictionary<string, ZipEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NpzArray> _arrays = new(StringComparer.Ordinal);

    private NpzFile(SafeFileHandle file, string path, string scratchFolder)
    {
        _file = file;
        _scratchFolder = scratchFolder;
        Path = path;
    }

    public string Path { get; }

    /// <summary>The names of the arrays.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>The room that the arrays taken so far will need in the scratch folder.</summary>
    public long ScratchBytes => _arrays.Values.Sum(array => array.ScratchBytes);

    /// <summary>Opens a file and reads the list of its arrays.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scratchFolder">Where compressed arrays are unpacked to while the file is open.</param>
    /// <exception cref="ModelFormatException">It is no such file.</exception>
    public static NpzFile Open(string path, string scratchFolder)
    {
        NpzFile file = new(CheckpointFile.Open(path), path, scratchFolder);
        try
        {
            foreach (ZipEntry entry in ZipDirectory.Read(file._file, path).Where(entry => entry.Name.EndsWith(Ending, StringComparison.Ordinal)))
            {
                file._entries.Add(entry.Name[..^Ending.Length], entry);
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the head of an array. Its elements are read when they are asked for, as long as the file is open.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ModelFormatException">The array is malformed, or of elements that are not read.</exception>
    public NpzArray Array(string name)
    {
        if (!_arrays.TryGetValue(name, out NpzArray? array)) _arrays.Add(name, array = NpzArray.Open(name, Path, new ZipContent(_file, Path, _entries[name], _scratchFolder)));
        return array;
    }

    public void Dispose()
    {
        foreach (NpzArray array in _arrays.Values) array.Dispose();
        _file.Dispose();
    }
}
