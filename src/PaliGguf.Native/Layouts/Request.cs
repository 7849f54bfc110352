using System.Runtime.InteropServices;

namespace PaliGguf.Native.Layouts;

/// <summary>pali_request.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Request : ISized
{
    public uint size;
    public RequestTask task;
    public byte* text;
    public ulong text_bytes;
    public byte* language;
    public byte* pictures;
    public uint picture_count;
    public uint flags;
    public int max_tokens;
    public float temperature;
    public int top_k;
    public float top_p;
    public float min_p;
    public int seed;
    public float min_score;
    public float max_overlap;

    public uint Size
    {
        readonly get => size;
        set => size = value;
    }

    public static uint Oldest => 80;
}

/// <summary>PALI_PROMPT and so on.</summary>
internal enum RequestTask
{
    Prompt,
    Caption,
    Describe,
    Ocr,
    Answer,
    Detect,
    Segment,
}

/// <summary>PALI_REQUEST_...</summary>
[Flags]
internal enum RequestFlags : uint
{
    None = 0,
    Borrow = 1,
    Seed = 2,
    Free = 4,
    Together = 8,
}
