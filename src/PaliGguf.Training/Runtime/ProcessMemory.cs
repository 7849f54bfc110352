using System.Globalization;

namespace PaliGguf.Training.Runtime;

/// <summary>What the process holds, as Linux tells it.</summary>
/// <param name="Peak">The most that was resident, mapped files included, in bytes.</param>
/// <param name="Anonymous">What is resident now and in no file.</param>
/// <param name="Resident">What is resident now.</param>
internal readonly record struct ProcessMemory(long Peak, long Anonymous, long Resident)
{
    /// <summary>Asks the system; zeros where it does not tell.</summary>
    public static ProcessMemory Now()
    {
        if (!OperatingSystem.IsLinux()) return default;
        string[] lines = File.ReadAllLines("/proc/self/status");
        return new ProcessMemory(Read(lines, "VmHWM:"), Read(lines, "RssAnon:"), Read(lines, "VmRSS:"));
    }

    /// <summary>What the system could give to programs without taking it from others; null where it does not tell.</summary>
    public static long? SystemAvailable()
    {
        const string Path = "/proc/meminfo";
        return File.Exists(Path) && Read(File.ReadAllLines(Path), "MemAvailable:") is > 0 and var free ? free : null;
    }

    private static long Read(string[] lines, string key)
    {
        string? line = Array.Find(lines, each => each.StartsWith(key, StringComparison.Ordinal));
        string number = line is null ? "" : line[key.Length..^" kB".Length].Trim();
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long kibibytes) ? kibibytes << 10 : 0;
    }
}
