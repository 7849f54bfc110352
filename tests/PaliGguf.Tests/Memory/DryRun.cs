using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using PaliGguf.Interop;

namespace PaliGguf.Tests.Memory;

/// <summary>What the library itself says that it allocates, in MiB: it loads a model's weights, or only pretends to, and makes a context.</summary>
internal sealed partial class DryRun : ILogger
{
    private DryRun()
    {
    }

    /// <summary>Weights as they are in the file; 0 if it only pretends.</summary>
    public double Plain { get; private set; }

    /// <summary>Weights in a form of their own; 0 if it only pretends.</summary>
    public double Packed { get; private set; }

    public double Cache { get; private set; }

    public double Logits { get; private set; }

    public double Compute { get; private set; }

    [GeneratedRegex(@"(?<what>\S+ model|KV|output|compute) buffer size = +(?<mib>[\d.]+) MiB|llama_kv_cache: size = +(?<cache>[\d.]+) MiB", RegexOptions.ExplicitCapture)]
    private static partial Regex BufferLine();

    /// <summary>Loads a text GGUF on the CPU.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">The longest prefix.</param>
    /// <param name="cells">All sequences' cells.</param>
    /// <param name="sequences">Sequences, branches included.</param>
    /// <param name="cacheType">The KV cache's type.</param>
    /// <param name="flashAttention">Whether attention is computed without its scores.</param>
    /// <param name="allocate">Whether weights and buffers are really allocated.</param>
    /// <param name="repack">Whether weights may lie in a form of the library's own.</param>
    public static unsafe DryRun Of(
        string path, int rows, int cells, int sequences, GgmlType cacheType, bool flashAttention, bool allocate = false, bool repack = true)
    {
        NativeLibraries.Load();
        DryRun run = new();
        using NativeLog.Route log = NativeLog.To(run);
        llama_model_params modelParameters = Llama.llama_model_default_params();
        modelParameters.n_gpu_layers = 0;
        modelParameters.load_mode = Llama.LoadCopied;
        modelParameters.use_extra_bufts = (byte)(repack ? 1 : 0);
        modelParameters.no_alloc = (byte)(allocate ? 0 : 1);
        using LlamaModelHandle model = Llama.llama_model_load_from_file(path, modelParameters);
        if (model.IsInvalid) throw new InvalidOperationException(log.Errors);

        llama_context_params parameters = Llama.llama_context_default_params();
        parameters.n_ctx = (uint)cells;
        parameters.n_batch = parameters.n_ubatch = (uint)rows;
        parameters.n_seq_max = parameters.n_outputs_max = (uint)sequences;
        parameters.n_threads = parameters.n_threads_batch = 1;
        parameters.attention_type = Llama.AttentionNonCausal;
        parameters.type_k = parameters.type_v = (int)cacheType;
        parameters.flash_attn_type = flashAttention ? 1 : 0;
        parameters.kv_unified = 1;
        parameters.offload_kqv = parameters.op_offload = 0;
        using LlamaContextHandle context = Llama.llama_init_from_model(model, parameters);
        if (context.IsInvalid) throw new InvalidOperationException(log.Errors);
        return run;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Match line = BufferLine().Match(formatter(state, exception));
        if (!line.Success) return;
        if (line.Groups["cache"].Success) Cache += Number(line.Groups["cache"]);
        else if (line.Groups["what"].Value == "CPU model") Plain += Number(line.Groups["mib"]);
        else if (line.Groups["what"].Value.EndsWith("model", StringComparison.Ordinal)) Packed += Number(line.Groups["mib"]);
        else if (line.Groups["what"].Value == "output") Logits = Number(line.Groups["mib"]);
        else if (line.Groups["what"].Value == "compute") Compute = Number(line.Groups["mib"]);
    }

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);
}
