namespace PaliGguf.Training.Planning;

/// <summary>What a run will hold at its peak, mapped files included.</summary>
/// <param name="Measured">What a step took with some of the layers, in bytes.</param>
/// <param name="MeasuredLayers">The decoder's layers in it.</param>
/// <param name="Layers">All of them.</param>
/// <param name="Further">What the other layers add, in bytes: their inputs, and what is trained of them.</param>
/// <param name="Available">What the system has left, this process' own memory included; null where it does not tell.</param>
internal sealed record MemoryForecast(long Measured, int MeasuredLayers, int Layers, long Further, long? Available)
{
    /// <summary>The peak, in bytes.</summary>
    public long Peak => Measured + Further;

    /// <summary>Whether the machine has the memory.</summary>
    public bool Fits => Available is not { } available || Peak <= available;
}
