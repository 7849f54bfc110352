using System.Runtime.InteropServices;
using PaliGguf.Interop;

namespace PaliGguf.Tests.Interop;

/// <summary>
/// The parameter structures of both builds. The bytes are what the functions of the C libraries wrote into memory of their own (Linux, x64;
/// called from Python's ctypes), <c>..</c> where they wrote nothing; the offsets are those of the C headers.
/// </summary>
public sealed unsafe class ParameterLayoutTests
{
    private const string ModelDefaultsOfV05 =
        "0000000000000000 0000000000000000 ffffffff 01000000 ffffffff 01000000 00000000 ........ 0000000000000000 0000000000000000 "
            + "0000000000000000"
        + " 0000000000000000 00 00 01 00 00 00 ....";

    private const string ModelDefaultsOfB10221 =
        "0000000000000000 0000000000000000 ffffffff 01000000 01000000 00000000 0000000000000000 0000000000000000 0000000000000000 "
            + "0000000000000000"
        + " 00 00 01 00 00 00 ....";

    private const string ContextDefaultsOfV05 =
        "00020000 00080000 00020000 01000000 00000000 00000000 01000000 04000000 04000000 00000000 ffffffff ffffffff ffffffff ffffffff"
        + " 00000000 00000000 000080bf 000080bf 000080bf 000080bf 00000000 000080bf 0000000000000000 0000000000000000 01000000 01000000"
        + " 0000000000000000 0000000000000000 00 01 01 01 01 00 .... 0000000000000000 0000000000000000 0000000000000000";

    private const string ContextDefaultsOfB10221 =
        "00020000 00080000 00020000 01000000 00000000 00000000 04000000 04000000 00000000 ffffffff ffffffff ffffffff ffffffff"
        + " 00000000 00000000 000080bf 000080bf 000080bf 000080bf 00000000 000080bf ........ 0000000000000000 0000000000000000 01000000 "
        + "01000000"
        + " 0000000000000000 0000000000000000 00 01 01 01 01 00 .... 0000000000000000 0000000000000000 0000000000000000";

    [Fact]
    public void Sizes_are_those_of_the_C_headers() =>
        Assert.Equal((72, 160), (sizeof(llama_model_params_b10221), sizeof(llama_context_params_b10221)));

    [Fact]
    public void The_loaded_library_writes_the_bytes_of_its_build()
    {
        LoadedLibraries libraries = NativeLibraries.Load();
        nint llama = NativeLibrary.Load(libraries.LlamaPath);
        nint model = NativeLibrary.GetExport(llama, "llama_model_default_params");
        nint context = NativeLibrary.GetExport(llama, "llama_context_default_params");
        if (libraries.Build.Layout == ParameterLayout.B10221)
        {
            AssertBytes(ModelDefaultsOfB10221, ((delegate* unmanaged[Cdecl]<llama_model_params_b10221>)model)());
            AssertBytes(ContextDefaultsOfB10221, ((delegate* unmanaged[Cdecl]<llama_context_params_b10221>)context)());
        }
        else
        {
            AssertBytes(ModelDefaultsOfV05, ((delegate* unmanaged[Cdecl]<llama_model_params>)model)());
            AssertBytes(ContextDefaultsOfV05, ((delegate* unmanaged[Cdecl]<llama_context_params>)context)());
        }
    }

    [Fact]
    public void The_older_builds_model_defaults_are_read_field_by_field()
    {
        llama_model_params read = Parse<llama_model_params_b10221>(ModelDefaultsOfB10221).Widen();
        Assert.Equal((-1, 1, 1, 0, 0), (read.n_gpu_layers, read.split_mode, read.load_mode, read.lazy_mode, read.main_gpu));
        Assert.Equal((0, 0, 1, 0, 0, 0),
            (read.vocab_only, read.check_tensors, read.use_extra_bufts, read.no_host, read.no_alloc, read.load_mtp));
        Assert.True(read.devices is null && read.tensor_split is null && read.progress_callback is null && read.kv_overrides is null);
    }

    [Fact]
    public void The_older_builds_context_defaults_are_those_of_the_newer_one_but_for_the_field_that_it_lacks()
    {
        llama_context_params newer = Parse<llama_context_params>(ContextDefaultsOfV05);
        llama_context_params older = Parse<llama_context_params_b10221>(ContextDefaultsOfB10221).Widen();
        Assert.Equal((1u, 0u), (newer.n_outputs_max_per_seq, older.n_outputs_max_per_seq));
        newer.n_outputs_max_per_seq = 0;
        Assert.Equal(Bytes(newer), Bytes(older));
    }

    [Fact]
    public void What_was_read_is_passed_on_byte_for_byte()
    {
        llama_model_params_b10221 model = Parse<llama_model_params_b10221>(ModelDefaultsOfB10221);
        AssertBytes(ModelDefaultsOfB10221, llama_model_params_b10221.Narrow(model.Widen()));
        llama_context_params_b10221 context = Parse<llama_context_params_b10221>(ContextDefaultsOfB10221);
        AssertBytes(ContextDefaultsOfB10221, llama_context_params_b10221.Narrow(context.Widen()));
    }

    [Theory]
    [InlineData(nameof(llama_model_params.devices), 8, 0)]
    [InlineData(nameof(llama_model_params.tensor_buft_overrides), 8, 8)]
    [InlineData(nameof(llama_model_params.n_gpu_layers), 4, 16)]
    [InlineData(nameof(llama_model_params.split_mode), 4, 20)]
    [InlineData(nameof(llama_model_params.load_mode), 4, 24)]
    [InlineData(nameof(llama_model_params.lazy_mode), 4, null)]
    [InlineData(nameof(llama_model_params.main_gpu), 4, 28)]
    [InlineData(nameof(llama_model_params.tensor_split), 8, 32)]
    [InlineData(nameof(llama_model_params.progress_callback), 8, 40)]
    [InlineData(nameof(llama_model_params.progress_callback_user_data), 8, 48)]
    [InlineData(nameof(llama_model_params.kv_overrides), 8, 56)]
    [InlineData(nameof(llama_model_params.vocab_only), 1, 64)]
    [InlineData(nameof(llama_model_params.check_tensors), 1, 65)]
    [InlineData(nameof(llama_model_params.use_extra_bufts), 1, 66)]
    [InlineData(nameof(llama_model_params.no_host), 1, 67)]
    [InlineData(nameof(llama_model_params.no_alloc), 1, 68)]
    [InlineData(nameof(llama_model_params.load_mtp), 1, 69)]
    public void A_model_parameter_lands_where_the_older_build_reads_it(string field, int length, int? offset)
    {
        llama_model_params wide = WithField<llama_model_params>(field, length);
        llama_model_params_b10221 narrow = llama_model_params_b10221.Narrow(wide);
        Assert.Equal(Marked(sizeof(llama_model_params_b10221), offset, length), Bytes(narrow));
        Assert.Equal(offset is null ? new byte[sizeof(llama_model_params)] : Bytes(wide), Bytes(narrow.Widen()));
    }

    [Theory]
    [InlineData(nameof(llama_context_params.n_ctx), 4, 0)]
    [InlineData(nameof(llama_context_params.n_batch), 4, 4)]
    [InlineData(nameof(llama_context_params.n_ubatch), 4, 8)]
    [InlineData(nameof(llama_context_params.n_seq_max), 4, 12)]
    [InlineData(nameof(llama_context_params.n_rs_seq), 4, 16)]
    [InlineData(nameof(llama_context_params.n_outputs_max), 4, 20)]
    [InlineData(nameof(llama_context_params.n_outputs_max_per_seq), 4, null)]
    [InlineData(nameof(llama_context_params.n_threads), 4, 24)]
    [InlineData(nameof(llama_context_params.n_threads_batch), 4, 28)]
    [InlineData(nameof(llama_context_params.ctx_type), 4, 32)]
    [InlineData(nameof(llama_context_params.rope_scaling_type), 4, 36)]
    [InlineData(nameof(llama_context_params.pooling_type), 4, 40)]
    [InlineData(nameof(llama_context_params.attention_type), 4, 44)]
    [InlineData(nameof(llama_context_params.flash_attn_type), 4, 48)]
    [InlineData(nameof(llama_context_params.rope_freq_base), 4, 52)]
    [InlineData(nameof(llama_context_params.rope_freq_scale), 4, 56)]
    [InlineData(nameof(llama_context_params.yarn_ext_factor), 4, 60)]
    [InlineData(nameof(llama_context_params.yarn_attn_factor), 4, 64)]
    [InlineData(nameof(llama_context_params.yarn_beta_fast), 4, 68)]
    [InlineData(nameof(llama_context_params.yarn_beta_slow), 4, 72)]
    [InlineData(nameof(llama_context_params.yarn_orig_ctx), 4, 76)]
    [InlineData(nameof(llama_context_params.defrag_thold), 4, 80)]
    [InlineData(nameof(llama_context_params.cb_eval), 8, 88)]
    [InlineData(nameof(llama_context_params.cb_eval_user_data), 8, 96)]
    [InlineData(nameof(llama_context_params.type_k), 4, 104)]
    [InlineData(nameof(llama_context_params.type_v), 4, 108)]
    [InlineData(nameof(llama_context_params.abort_callback), 8, 112)]
    [InlineData(nameof(llama_context_params.abort_callback_data), 8, 120)]
    [InlineData(nameof(llama_context_params.embeddings), 1, 128)]
    [InlineData(nameof(llama_context_params.offload_kqv), 1, 129)]
    [InlineData(nameof(llama_context_params.no_perf), 1, 130)]
    [InlineData(nameof(llama_context_params.op_offload), 1, 131)]
    [InlineData(nameof(llama_context_params.swa_full), 1, 132)]
    [InlineData(nameof(llama_context_params.kv_unified), 1, 133)]
    [InlineData(nameof(llama_context_params.samplers), 8, 136)]
    [InlineData(nameof(llama_context_params.n_samplers), 8, 144)]
    [InlineData(nameof(llama_context_params.ctx_other), 8, 152)]
    public void A_context_parameter_lands_where_the_older_build_reads_it(string field, int length, int? offset)
    {
        llama_context_params wide = WithField<llama_context_params>(field, length);
        llama_context_params_b10221 narrow = llama_context_params_b10221.Narrow(wide);
        Assert.Equal(Marked(sizeof(llama_context_params_b10221), offset, length), Bytes(narrow));
        Assert.Equal(offset is null ? new byte[sizeof(llama_context_params)] : Bytes(wide), Bytes(narrow.Widen()));
    }

    private static T WithField<T>(string field, int length)
        where T : unmanaged =>
        MemoryMarshal.Read<T>(Marked(sizeof(T), (int)Marshal.OffsetOf<T>(field), length));

    private static byte[] Marked(int size, int? offset, int length)
    {
        byte[] bytes = new byte[size];
        if (offset is { } start) bytes.AsSpan(start, length).Fill(0xA5);
        return bytes;
    }

    private static void AssertBytes<T>(string expected, T structure)
        where T : unmanaged
    {
        string written = Convert.ToHexStringLower(Bytes(structure));
        string template = expected.Replace(" ", "", StringComparison.Ordinal);
        Assert.Equal(template.Length, written.Length);
        Assert.Equal(template, string.Concat(template.Zip(written, (known, byteNow) => known == '.' ? '.' : byteNow)));
    }

    private static T Parse<T>(string hex)
        where T : unmanaged =>
        MemoryMarshal.Read<T>(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal).Replace('.', '0')));

    private static byte[] Bytes<T>(T structure)
        where T : unmanaged =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in structure)).ToArray();
}
