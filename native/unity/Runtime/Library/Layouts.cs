using System.Runtime.InteropServices;

namespace PaliGguf.Unity.Layouts
{
    // The structs of paligguf.h, with its names.
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct LoadOptions
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
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct ModelState
    {
        public uint size;
        public int state;
        public int status;
        public float progress;
        public int image_size;
        public int image_tokens;
        public int context_length;
        public int threads;
        public int has_masks;
        public int requests;
        public long memory;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct MemoryFigure
    {
        public uint size;
        public int fits;
        public long memory;
        public long mapped;
        public long gpu_memory;
        public long free_memory;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct Picture
    {
        public uint size;
        public int format;
        public int width;
        public int height;
        public long stride;
        public byte* pixels;
        public ulong pixel_bytes;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct Request
    {
        public uint size;
        public int task;
        public byte* text;
        public ulong text_bytes;
        public byte* language;
        public Picture* pictures;
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
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct TicketState
    {
        public uint size;
        public int state;
        public int status;
        public int finish;
        public uint tokens;
        public uint objects;
        public ulong text_bytes;
        public int pictures_read;
        public int prefix_tokens;
        public double vision_seconds;
        public double prefix_seconds;
        public double decode_seconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct FoundObject
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
    }
}
