using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace PaliGguf;

/// <summary>Amounts of memory as people write them: "4GiB", "512 MB", "1073741824".</summary>
public static class ByteSize
{
    private static readonly (string Unit, double Bytes)[] Units =
    [
        ("kib", 1L << 10), ("mib", 1L << 20), ("gib", 1L << 30), ("tib", 1L << 40),
        ("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("tb", 1e12),
        ("k", 1L << 10), ("m", 1L << 20), ("g", 1L << 30), ("t", 1L << 40), ("b", 1), ("", 1),
    ];

    /// <summary>Reads an amount: a number and one of B, kB, MB, GB, TB (powers of 1000), KiB, MiB, GiB, TiB or K, M, G, T (powers of 1024); the case of letters is ignored.</summary>
    /// <returns>False if it is none, not positive, or more than 63 bits hold.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out long bytes)
    {
        bytes = 0;
        string trimmed = (text ?? "").Trim();
        foreach ((string unit, double size) in Units)
        {
            if (!trimmed.EndsWith(unit, StringComparison.OrdinalIgnoreCase)) continue;
            if (!double.TryParse(trimmed[..^unit.Length], NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out double number)) return false;
            double value = number * size;
            if (value is not (>= 1 and < long.MaxValue)) return false;
            bytes = (long)value;
            return true;
        }

        return false;
    }

    /// <summary>"812 B", "4.2 MiB", "1.63 GiB", in powers of 1024.</summary>
    public static string Format(long bytes) => bytes switch
    {
        < 1L << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.00} GiB"),
    };
}
