namespace PaliGguf.Conversion.Sources;

/// <summary>The element types of checkpoint files, named as safetensors names them.</summary>
internal enum ElementType
{
    BOOL,
    U8,
    I8,
    F8_E5M2,
    F8_E4M3,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    F64,
    I64,
    U64,
}

internal static class ElementTypes
{
    public static bool TryParse(string name, out ElementType type) => Enum.TryParse(name, ignoreCase: false, out type) && Enum.GetName(type) == name;

    /// <summary>Bytes per element.</summary>
    public static int Size(this ElementType type) => type switch
    {
        <= ElementType.F8_E4M3 => 1,
        <= ElementType.BF16 => 2,
        <= ElementType.F32 => 4,
        _ => 8,
    };

    /// <summary>Whether elements can be read as 32-bit floats without loss.</summary>
    public static bool IsReadable(this ElementType type) => type is ElementType.F32 or ElementType.F16 or ElementType.BF16;
}
