using System.Runtime.InteropServices;

namespace PaliGguf.Native.Layouts;

/// <summary>pali_load_options.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LoadOptions : ISized
{
    public uint size;
    public int threads;
    public int priority;
    public uint flags;
    public byte* vision_path;
    public int gpu_layers;
    public int context_length;
    public int text_tokens;
    public int requests;
    public long memory_limit;
    public long picture_cache;

    public uint Size
    {
        readonly get => size;
        set => size = value;
    }

    public static uint Oldest => 56;
}

/// <summary>PALI_LOAD_...</summary>
[Flags]
internal enum LoadFlags : uint
{
    None = 0,
    Copy = 1,
    Spin = 2,
}
