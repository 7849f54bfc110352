namespace PaliGguf.Cli.Benchmarks;

/// <summary>What "bench --json" prints: the medians of all runs, and each run.</summary>
internal sealed record BenchJson(
    string Model, string Device, int Threads, int ImageSize, int PrefixTokens, int Tokens, int Runs,
    double LoadMs, double VisionMs, double PrefixTokensPerSecond, double DecodeTokensPerSecond, long PeakMemoryBytes, IReadOnlyList<BenchRunJson> Samples);

/// <summary>What one run measured.</summary>
internal sealed record BenchRunJson(double LoadMs, double VisionMs, double PrefixTokensPerSecond, double DecodeTokensPerSecond, long PeakMemoryBytes);
