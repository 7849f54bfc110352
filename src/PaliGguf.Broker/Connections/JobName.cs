using System.Buffers;

namespace PaliGguf.Broker.Connections;

/// <summary>What a job is called, and its queues: whoever collects and whoever works meet there.</summary>
internal sealed record JobName
{
    /// <summary>The name where none is given.</summary>
    public const string Default = "default";

    private const int Longest = 64;

    private static readonly SearchValues<char> Letters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <param name="name">1 to 64 letters, digits, hyphens, underscores and points.</param>
    /// <exception cref="PaliException">It is no such name.</exception>
    public JobName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > Longest || name.AsSpan().ContainsAnyExcept(Letters))
            throw new PaliException($"a job's name has 1 to {Longest} letters, digits, hyphens, underscores and points.");
        Name = name;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Pictures that are to be asked about.</summary>
    public string Items => Queue("items");

    /// <summary>Pictures that came back from a worker without an answer: they are tried one at a time.</summary>
    public string Again => Queue("again");

    /// <summary>What was answered.</summary>
    public string Answers => Queue("answers");

    /// <summary>Pictures that nobody can answer about, with the reason.</summary>
    public string Failed => Queue("failed");

    /// <summary>Held by who collects, so that nobody else does.</summary>
    public string Collector => Queue("collector");

    private string Queue(string part) => $"paligguf.{Name}.{part}";
}
