namespace PaliGguf.Cli.Benchmarks;

/// <summary>Whose way of running a model is measured.</summary>
internal enum BenchSide
{
    /// <summary>
    /// What llama.cpp's own tools do with the same libraries: the decoder repacked, the tower's 16-bit weights in plain memory with flash attention, one request at a time.
    /// </summary>
    Baseline,

    /// <summary>LLamaSharp with llama.cpp's own vision library, in a program of its own that has nothing of this one.</summary>
    LLamaSharp,

    /// <summary>What this program does by default.</summary>
    PaliGguf,
}
