namespace PaliGguf.Conversion.Output;

/// <summary>What numbers a type can hold.</summary>
internal static class StorageLimits
{
    private const float LargestHalf = 65504f;

    /// <summary>The largest magnitude that can be stored. Quantized blocks have their scale as an F16; for most of them what lies beyond F16 itself is refused.</summary>
    public static float Largest(GgmlType type) => type switch
    {
        GgmlType.F32 => float.MaxValue,
        GgmlType.BF16 => BitConverter.UInt32BitsToSingle(0x7F7F_7FFF),
        GgmlType.Q8_0 => LargestHalf * 127,
        _ => LargestHalf,
    };
}
