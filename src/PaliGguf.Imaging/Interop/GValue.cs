using System.Runtime.InteropServices;

namespace PaliGguf.Imaging.Interop;

/// <summary>GObject's box for a value of any type: the type and sixteen bytes that only GObject reads. All zero is the unset state.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GValue
{
    public nuint Type;
    public ulong First;
    public ulong Second;
}

/// <summary>The fundamental types of GObject that operations take: numbers fixed by its ABI.</summary>
internal static class GType
{
    public const nuint Boolean = 5 << 2;
    public const nuint Int = 6 << 2;
    public const nuint String = 16 << 2;
}
