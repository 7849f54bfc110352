using PaliGguf.Native.Calls;
using PaliGguf.Native.Layouts;

namespace PaliGguf.Native.Work;

/// <summary>What the C structs ask for, as the library's options. 0 is the default of each.</summary>
internal static unsafe class LoadSettings
{
    private const LoadFlags KnownFlags = LoadFlags.Copy | LoadFlags.Spin;

    /// <param name="given">pali_load_options; null for the defaults.</param>
    /// <exception cref="CallException">Its size or a flag is unknown.</exception>
    public static ModelOptions Read(void* given)
    {
        LoadOptions own = given is null ? default : Sized.Read<LoadOptions>(given, "options");
        LoadFlags flags = (LoadFlags)own.flags;
        if ((flags & ~KnownFlags) != default)
        {
            throw CallException.Argument($"options->flags {own.flags:X} has a flag that this version of the library does not know.");
        }
        if (own.threads < 0) throw CallException.Argument($"options->threads is {own.threads}.");
        if (own.memory_limit < 0) throw CallException.Argument($"options->memory_limit is {own.memory_limit}.");
        if (own.picture_cache < -1) throw CallException.Argument($"options->picture_cache is {own.picture_cache}.");
        ModelOptions defaults = new();
        return defaults with
        {
            VisionPath = Texts.In(own.vision_path, 0, "options->vision_path"),
            Threads = own.threads > 0 ? own.threads : Math.Max(1, Environment.ProcessorCount - 1),
            Priority = own.priority switch
            {
                0 => ComputePriority.Low,
                1 => ComputePriority.Normal,
                2 => ComputePriority.Idle,
                _ => throw CallException.Argument($"options->priority is {own.priority}: there is no such one."),
            },
            Spin = flags.HasFlag(LoadFlags.Spin),
            GpuLayers = own.gpu_layers,
            ContextLength = own.context_length == 0 ? null : own.context_length,
            TextTokens = own.text_tokens == 0 ? defaults.TextTokens : own.text_tokens,
            Sequences = own.requests == 0 ? 1 : own.requests,
            // Beams and choices are not offered here.
            Branches = 0,
            Memory = own.memory_limit > 0 ? new MemoryLimits { Ram = own.memory_limit } : null,
            SoftTokenCacheBytes = own.picture_cache switch { 0 => defaults.SoftTokenCacheBytes, -1 => 0, _ => own.picture_cache },
            MemoryMap = !flags.HasFlag(LoadFlags.Copy),
        };
    }
}
