namespace PaliGguf;

/// <summary>How much memory a model may take.</summary>
/// <param name="Ram">Bytes of main memory, for all of the process; null for any number.</param>
/// <param name="Vram">Bytes of the GPU's memory; null for any number.</param>
public sealed record MemoryLimits(long? Ram = null, long? Vram = null)
{
    internal string Describe() => string.Join(
        " and ",
        new[] { (Ram, "main memory"), (Vram, "the GPU's memory") }.Where(device => device.Item1 is not null)
            .Select(device => $"{ByteSize.Format(device.Item1!.Value)} of {device.Item2}"));
}
