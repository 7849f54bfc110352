namespace PaliGguf.Gguf;

/// <summary>
/// Bounds on what a file may hold, for readers and the writer alike. Where ggml has a bound of its own, it is that one; the others are far
/// above what real files hold and keep what a hostile file can make a reader allocate below some tens of megabytes.
/// </summary>
internal static class GgufLimits
{
    /// <summary>Metadata entries in a file.</summary>
    public const int Entries = 1 << 16;

    /// <summary>Tensors in a file.</summary>
    public const int Tensors = 1 << 16;

    /// <summary>Dimensions of a tensor.</summary>
    public const int Dimensions = GgmlTypes.MaxDimensions;

    /// <summary>Bytes of a key.</summary>
    public const int KeyBytes = 65535;

    /// <summary>Bytes of a tensor's name (GGML_MAX_NAME, less the terminating zero).</summary>
    public const int TensorNameBytes = 63;

    /// <summary>Bytes of all keys, or of all tensor names, together.</summary>
    public const int AllNameBytes = 4 << 20;

    /// <summary>Bytes of one string, alone or in an array.</summary>
    public const int StringBytes = 256 << 20;

    /// <summary>Elements of an array; with 8 bytes each they still fit one managed array of bytes.</summary>
    public const int ArrayLength = 1 << 27;

    /// <summary>The least value of general.alignment.</summary>
    public const uint SmallestAlignment = 8;

    /// <summary>The greatest value of general.alignment.</summary>
    public const uint LargestAlignment = 1 << 20;

    /// <summary>The alignment of files that do not name one.</summary>
    public const uint DefaultAlignment = 32;

    /// <summary>Whether tensor data may be aligned to this many bytes.</summary>
    public static bool IsAlignment(uint value) => value is >= SmallestAlignment and <= LargestAlignment && uint.IsPow2(value);

    /// <summary>The first multiple of an alignment that is not below a position.</summary>
    public static long Align(long position, uint alignment) => checked(position + alignment - 1) & ~((long)alignment - 1);
}
