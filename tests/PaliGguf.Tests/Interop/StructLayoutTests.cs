using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PaliGguf.Interop;

namespace PaliGguf.Tests.Interop;

public sealed unsafe class StructLayoutTests
{
    [Fact]
    public void Sizes_are_those_of_the_C_headers()
    {
        Assert.Equal(80, sizeof(llama_model_params));
        Assert.Equal(160, sizeof(llama_context_params));
        Assert.Equal(264, sizeof(llama_model_kv_override));
        Assert.Equal(56, sizeof(llama_batch));
        Assert.Equal(24, sizeof(ggml_init_params));
        Assert.Equal(336, sizeof(ggml_tensor));
        Assert.Equal(56, sizeof(ggml_type_traits));
    }

    [Theory]
    [InlineData(nameof(llama_model_params.devices), 0)]
    [InlineData(nameof(llama_model_params.tensor_buft_overrides), 8)]
    [InlineData(nameof(llama_model_params.n_gpu_layers), 16)]
    [InlineData(nameof(llama_model_params.split_mode), 20)]
    [InlineData(nameof(llama_model_params.load_mode), 24)]
    [InlineData(nameof(llama_model_params.lazy_mode), 28)]
    [InlineData(nameof(llama_model_params.main_gpu), 32)]
    [InlineData(nameof(llama_model_params.tensor_split), 40)]
    [InlineData(nameof(llama_model_params.progress_callback), 48)]
    [InlineData(nameof(llama_model_params.progress_callback_user_data), 56)]
    [InlineData(nameof(llama_model_params.kv_overrides), 64)]
    [InlineData(nameof(llama_model_params.vocab_only), 72)]
    [InlineData(nameof(llama_model_params.check_tensors), 73)]
    [InlineData(nameof(llama_model_params.use_extra_bufts), 74)]
    [InlineData(nameof(llama_model_params.no_host), 75)]
    [InlineData(nameof(llama_model_params.no_alloc), 76)]
    [InlineData(nameof(llama_model_params.load_mtp), 77)]
    public void Model_parameters_lie_where_the_library_reads_them(string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf<llama_model_params>(field));

    [Theory]
    [InlineData(nameof(llama_model_kv_override.tag), 0)]
    [InlineData(nameof(llama_model_kv_override.key), 4)]
    [InlineData(nameof(llama_model_kv_override.val_i64), 136)]
    [InlineData(nameof(llama_model_kv_override.val_str), 136)]
    public void Metadata_beside_the_file_lies_where_the_library_reads_it(string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf<llama_model_kv_override>(field));

    [Theory]
    [InlineData(nameof(llama_context_params.n_ctx), 0)]
    [InlineData(nameof(llama_context_params.n_outputs_max), 20)]
    [InlineData(nameof(llama_context_params.n_threads), 28)]
    [InlineData(nameof(llama_context_params.attention_type), 48)]
    [InlineData(nameof(llama_context_params.flash_attn_type), 52)]
    [InlineData(nameof(llama_context_params.yarn_orig_ctx), 80)]
    [InlineData(nameof(llama_context_params.defrag_thold), 84)]
    [InlineData(nameof(llama_context_params.cb_eval), 88)]
    [InlineData(nameof(llama_context_params.type_k), 104)]
    [InlineData(nameof(llama_context_params.abort_callback), 112)]
    [InlineData(nameof(llama_context_params.embeddings), 128)]
    [InlineData(nameof(llama_context_params.offload_kqv), 129)]
    [InlineData(nameof(llama_context_params.op_offload), 131)]
    [InlineData(nameof(llama_context_params.swa_full), 132)]
    [InlineData(nameof(llama_context_params.kv_unified), 133)]
    [InlineData(nameof(llama_context_params.samplers), 136)]
    [InlineData(nameof(llama_context_params.n_samplers), 144)]
    [InlineData(nameof(llama_context_params.ctx_other), 152)]
    public void Context_parameters_lie_where_the_library_reads_them(string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf<llama_context_params>(field));

    [Fact]
    public void Batch_and_tensor_fields_lie_where_the_library_reads_them()
    {
        Assert.Equal(8, (int)Marshal.OffsetOf<llama_batch>(nameof(llama_batch.token)));
        Assert.Equal(16, (int)Marshal.OffsetOf<llama_batch>(nameof(llama_batch.embd)));
        Assert.Equal(24, (int)Marshal.OffsetOf<llama_batch>(nameof(llama_batch.pos)));
        Assert.Equal(32, (int)Marshal.OffsetOf<llama_batch>(nameof(llama_batch.n_seq_id)));
        Assert.Equal(40, (int)Marshal.OffsetOf<llama_batch>(nameof(llama_batch.seq_id)));
        Assert.Equal(48, (int)Marshal.OffsetOf<llama_batch>(nameof(llama_batch.logits)));

        ggml_tensor tensor = default;
        byte* start = (byte*)&tensor;
        Assert.Equal(8, (byte*)&tensor.buffer - start);
        Assert.Equal(16, (byte*)&tensor.ne - start);
        Assert.Equal(48, (byte*)&tensor.nb - start);
        Assert.Equal(80, (byte*)&tensor.op - start);
        Assert.Equal(84, (byte*)&tensor.op_params - start);
        Assert.Equal(148, (byte*)&tensor.flags - start);
        Assert.Equal(152, (byte*)&tensor.src - start);
        Assert.Equal(232, (byte*)&tensor.view_src - start);
        Assert.Equal(240, (byte*)&tensor.view_offs - start);
        Assert.Equal(248, (byte*)&tensor.data - start);
        Assert.Equal(256, (byte*)&tensor.name - start);
        Assert.Equal(320, (byte*)&tensor.extra - start);
    }

    [Fact]
    public void The_loaded_library_fills_its_defaults_into_the_fields_we_read()
    {
        NativeLibraries.Load();

        llama_model_params model = Llama.llama_model_default_params();
        Assert.Equal((-1, 1, 1), (model.n_gpu_layers, model.split_mode, model.use_extra_bufts));
        Assert.Equal((0, 0, 0, 0), (model.vocab_only, model.check_tensors, model.no_host, model.no_alloc));

        llama_context_params context = Llama.llama_context_default_params();
        Assert.Equal((512u, 2048u, 512u, 1u), (context.n_ctx, context.n_batch, context.n_ubatch, context.n_seq_max));
        Assert.Equal((0u, 4, 4), (context.n_outputs_max, context.n_threads, context.n_threads_batch));
        Assert.Equal((-1, -1, -1, -1), (context.rope_scaling_type, context.pooling_type, context.attention_type, context.flash_attn_type));
        Assert.Equal((1, 1), (context.type_k, context.type_v));
        Assert.Equal((1, 1, 1, 1, 0), (context.offload_kqv, context.no_perf, context.op_offload, context.swa_full, context.kv_unified));
    }

    [Fact]
    public void A_tensor_made_by_the_library_reads_back_through_our_structure()
    {
        NativeLibraries.Load();
        Assert.Equal(368u, Ggml.ggml_tensor_overhead());
        using GgmlContextHandle context = Ggml.ggml_init(new ggml_init_params { mem_size = 4096, no_alloc = 1 });
        ggml_tensor* tensor = Ggml.ggml_new_tensor_3d(context, GgmlType.F16, 5, 7, 3);
        Assert.Equal(GgmlType.F16, tensor->type);
        Assert.Equal([5, 7, 3, 1], ((ReadOnlySpan<long>)tensor->ne).ToArray());
        Assert.Equal([2, 10, 70, 210], ((ReadOnlySpan<nuint>)tensor->nb).ToArray().Select(stride => (int)stride));
        Assert.True(Unsafe.IsNullRef(ref Unsafe.AsRef<byte>(tensor->data)));
    }
}
