using System.Runtime.InteropServices;

namespace PaliGguf.Native.Layouts;

/// <summary>pali_model_state.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ModelState : ISized
{
    public uint size;
    public ModelStage state;
    public Status status;
    public float progress;
    public int image_size;
    public int image_tokens;
    public int context_length;
    public int threads;
    public int has_masks;
    public int requests;
    public long memory;

    public uint Size
    {
        readonly get => size;
        set => size = value;
    }

    public static uint Oldest => 48;
}

/// <summary>PALI_MODEL_...</summary>
internal enum ModelStage
{
    Loading,
    Ready,
    Failed,
}
