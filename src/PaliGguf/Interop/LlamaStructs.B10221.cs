using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary><see cref="llama_model_params"/> as llama.cpp b10221 has it: without <c>lazy_mode</c>, so that what follows lies
/// earlier.</summary>
[StructLayout(LayoutKind.Sequential, Size = 72)]
internal struct llama_model_params_b10221
{
    private static readonly FieldRun[] Runs =
    [
        new(0, 0, 28), // devices to load_mode
        new(32, 28, 4), // main_gpu
        new(40, 32, 38), // tensor_split to load_mtp
    ];

    private nint _devices;

    public static llama_model_params_b10221 Narrow(llama_model_params wide)
    {
        llama_model_params_b10221 narrow = default;
        foreach (FieldRun run in Runs) run.Copy(run.Wide, ref wide, run.Narrow, ref narrow);
        return narrow;
    }

    public llama_model_params Widen()
    {
        llama_model_params wide = default;
        foreach (FieldRun run in Runs) run.Copy(run.Narrow, ref this, run.Wide, ref wide);
        return wide;
    }
}

/// <summary><see cref="llama_context_params"/> as llama.cpp b10221 has it: without <c>n_outputs_max_per_seq</c>, so that some of what
/// follows lies earlier.</summary>
[StructLayout(LayoutKind.Sequential, Size = 160)]
internal struct llama_context_params_b10221
{
    private static readonly FieldRun[] Runs =
    [
        new(0, 0, 24), // n_ctx to n_outputs_max
        new(28, 24, 60), // n_threads to defrag_thold
        new(88, 88, 46), // cb_eval to kv_unified
        new(136, 136, 24), // samplers to ctx_other
    ];

    private nint _sizes;

    public static llama_context_params_b10221 Narrow(llama_context_params wide)
    {
        llama_context_params_b10221 narrow = default;
        foreach (FieldRun run in Runs) run.Copy(run.Wide, ref wide, run.Narrow, ref narrow);
        return narrow;
    }

    public llama_context_params Widen()
    {
        llama_context_params wide = default;
        foreach (FieldRun run in Runs) run.Copy(run.Narrow, ref this, run.Wide, ref wide);
        return wide;
    }
}

/// <summary>Fields that follow each other in two layouts of one structure.</summary>
/// <param name="Wide">Their offset in bytes where the structure has more fields.</param>
/// <param name="Narrow">Their offset where it has fewer.</param>
/// <param name="Length">Their bytes.</param>
internal readonly record struct FieldRun(int Wide, int Narrow, int Length)
{
    public void Copy<TFrom, TTo>(int from, ref TFrom source, int to, ref TTo target)
        where TFrom : unmanaged
        where TTo : unmanaged =>
        MemoryMarshal.AsBytes(new Span<TFrom>(ref source)).Slice(from, Length)
            .CopyTo(MemoryMarshal.AsBytes(new Span<TTo>(ref target))[to..]);
}
