using System.Runtime.InteropServices;

namespace PaliGguf.Native.Layouts;

/// <summary>pali_memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MemoryFigure : ISized
{
    public uint size;
    public int fits;
    public long memory;
    public long mapped;
    public long gpu_memory;
    public long free_memory;

    public uint Size
    {
        readonly get => size;
        set => size = value;
    }

    public static uint Oldest => 40;
}
