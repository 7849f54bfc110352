namespace PaliGguf.Cli.Terminals;

/// <summary>Sizes and times for people.</summary>
internal static class Quantity
{
    /// <summary>"812 B", "4.2 MB", "1.63 GB", in powers of 1000.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1e3 => $"{bytes:0} B",
        < 1e6 => $"{bytes / 1e3:0.#} kB",
        < 1e9 => $"{bytes / 1e6:0.#} MB",
        _ => $"{bytes / 1e9:0.##} GB",
    };

    /// <summary>"45 s", "3 min 20 s".</summary>
    public static string Time(TimeSpan time) =>
        time.TotalSeconds < 100 ? $"{time.TotalSeconds:0} s" : $"{(int)time.TotalMinutes} min {time.Seconds} s";
}
