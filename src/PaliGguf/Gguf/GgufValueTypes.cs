namespace PaliGguf.Gguf;

/// <summary>What follows from a <see cref="GgufValueType"/>.</summary>
internal static class GgufValueTypes
{
    /// <summary>Bytes of a value; 0 for strings, arrays and unknown types, whose size is not fixed.</summary>
    public static int FixedSize(this GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Boolean => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
        _ => 0,
    };

    /// <summary>The name in messages: "uint32", "float32", "bool".</summary>
    public static string Describe(this GgufValueType type) => type switch
    {
        GgufValueType.UInt8 => "uint8",
        GgufValueType.Int8 => "int8",
        GgufValueType.UInt16 => "uint16",
        GgufValueType.Int16 => "int16",
        GgufValueType.UInt32 => "uint32",
        GgufValueType.Int32 => "int32",
        GgufValueType.UInt64 => "uint64",
        GgufValueType.Int64 => "int64",
        GgufValueType.Float32 => "float32",
        GgufValueType.Float64 => "float64",
        GgufValueType.Boolean => "bool",
        GgufValueType.String => "string",
        GgufValueType.Array => "array",
        _ => $"type {(int)type}",
    };

    /// <summary>The type that stores values of <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">Files have no such type.</exception>
    public static GgufValueType Of<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(byte)) return GgufValueType.UInt8;
        if (typeof(T) == typeof(sbyte)) return GgufValueType.Int8;
        if (typeof(T) == typeof(ushort)) return GgufValueType.UInt16;
        if (typeof(T) == typeof(short)) return GgufValueType.Int16;
        if (typeof(T) == typeof(uint)) return GgufValueType.UInt32;
        if (typeof(T) == typeof(int)) return GgufValueType.Int32;
        if (typeof(T) == typeof(ulong)) return GgufValueType.UInt64;
        if (typeof(T) == typeof(long)) return GgufValueType.Int64;
        if (typeof(T) == typeof(float)) return GgufValueType.Float32;
        if (typeof(T) == typeof(double)) return GgufValueType.Float64;
        if (typeof(T) == typeof(bool)) return GgufValueType.Boolean;
        throw new NotSupportedException($"GGUF metadata has no type for {typeof(T)}.");
    }
}
