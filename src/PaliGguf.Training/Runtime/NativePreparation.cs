using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PaliGguf.Training.Runtime;

/// <summary>
/// Lets TorchSharp's Linux library load where the C++ runtime is older than GCC 13's: Debian 12, Ubuntu 22.04, RHEL 9. It needs the version
/// GLIBCXX_3.4.32 for one symbol, std::ios_base_library_init, that marks how streams are initialised and that nothing calls, so that the
/// need can be weak. All other needs stay as they are.
/// </summary>
internal static class NativePreparation
{
    private const string Library = "libstdc++.so.6";
    private const string Version = "GLIBCXX_3.4.32";

    /// <summary>The versions that the system's C++ runtime defines; none where there is no such runtime.</summary>
    public static IReadOnlyList<string> SystemVersions()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad(Library, out _)) return [];
        string? path = File.ReadLines("/proc/self/maps")
            .Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .FirstOrDefault(file => Path.GetFileName(file).StartsWith("libstdc++.so.6", StringComparison.Ordinal));
        return path is null ? [] : VersionTables.Read(path, File.ReadAllBytes(path)).Defined;
    }

    /// <summary>
    /// Puts a copy in the place of a library whose need is marked weak, if the system lacks what it needs. The name may be a link to a
    /// package's file, which stays as it is.
    /// </summary>
    /// <param name="path">The library.</param>
    /// <param name="available">The versions that the system's C++ runtime defines.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="InvalidDataException">It is no ELF library.</exception>
    /// <exception cref="IOException">It can not be read or replaced.</exception>
    public static PreparationResult Prepare(string path, IReadOnlyCollection<string> available)
    {
        byte[] file = File.ReadAllBytes(path);
        NeededVersion[] needed = [.. VersionTables.Read(path, file).Needed.Where(each => each is { Library: Library, Name: Version })];
        if (needed.Length == 0) return PreparationResult.NotNeeded;
        if (needed.All(each => each.IsWeak)) return PreparationResult.DoneBefore;
        if (available.Contains(Version)) return PreparationResult.NotNeeded;
        foreach (NeededVersion each in needed)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan((int)each.FlagsOffset), (ushort)(each.Flags | NeededVersion.Weak));
        }

        // A name that replaces another leaves the file behind that one untouched; with its time, the build does not copy it again.
        string copy = path + ".weak";
        File.WriteAllBytes(copy, file);
        File.SetLastWriteTimeUtc(copy, File.GetLastWriteTimeUtc(path));
        File.Move(copy, path, overwrite: true);
        return PreparationResult.Done;
    }
}

/// <summary>What became of a library that was to be prepared.</summary>
internal enum PreparationResult
{
    /// <summary>The system has what it needs, or it needs nothing of the kind.</summary>
    NotNeeded,

    /// <summary>It was replaced by a copy that loads.</summary>
    Done,

    /// <summary>It is such a copy already.</summary>
    DoneBefore,
}
