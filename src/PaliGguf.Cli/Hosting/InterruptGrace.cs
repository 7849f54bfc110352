namespace PaliGguf.Cli.Hosting;

/// <summary>How long a command may take to end in an orderly way after the first interruption.</summary>
internal sealed class InterruptGrace
{
    /// <summary>
    /// Most commands have nothing to finish; <see cref="Timeout.InfiniteTimeSpan"/> for one that finishes what it has begun.
    /// </summary>
    public TimeSpan Time { get; set; } = TimeSpan.FromMilliseconds(700);
}
