using System.Runtime.InteropServices;

namespace PaliGguf.Native.Layouts;

/// <summary>pali_token.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Token : ISized
{
    public uint size;
    public int id;
    public float log_probability;
    public uint text_bytes;
    public ulong text_offset;

    public uint Size
    {
        readonly get => size;
        set => size = value;
    }

    public static uint Oldest => 24;
}

/// <summary>pali_object.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FoundObject : ISized
{
    public uint size;
    public float score;
    public float x_min;
    public float y_min;
    public float x_max;
    public float y_max;
    public int mask_left;
    public int mask_top;
    public int mask_width;
    public int mask_height;

    public uint Size
    {
        readonly get => size;
        set => size = value;
    }

    public static uint Oldest => 40;
}
