using Microsoft.Extensions.Logging;
using PaliGguf.Gguf;
using PaliGguf.Interop;

namespace PaliGguf.Vision;

/// <summary>Turns pictures into soft tokens. One picture at a time; callers from several threads wait for each other.</summary>
internal sealed class VisionTower : IDisposable
{
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly List<GgmlBackendHandle> _backends = [];
    private readonly WeightStore _weights;
    private readonly VisionGraph _graph;
    private readonly GgmlSchedulerHandle _scheduler;
    private readonly AbortFlag _abort = new();
    private readonly ActivationTap? _tap;
    private readonly float[] _patches;
    private readonly Interpolation _interpolation;

    /// <summary>Copies the weights of a checked file to a device and lays out the computation.</summary>
    public unsafe VisionTower(
        GgufFile file, VisionLayout layout, ComputeDevice device, TowerSettings settings, ILogger logger, IActivationObserver? activations = null)
    {
        Layout = layout;
        _logger = logger;
        _interpolation = settings.Interpolation;
        _patches = new float[layout.Patches * layout.PatchLength];
        using NativeLog.Route log = NativeLog.To(logger);
        try
        {
            ComputeDevice cpu = ComputeDevice.Cpu();
            if (device.IsGpu) _backends.Add(device.Open());
            _backends.Add(cpu.Open());
            cpu.SetThreads(_backends[^1], settings.Threads);
            cpu.SetAbortFlag(_backends[^1], _abort.Pointer);

            TowerForm form = TowerForm.Of(layout, StoredWeight.Types(file, layout), settings.Attention) with { LargestScores = settings.LargestScores };
            _weights = new WeightStore(file, StoredWeight.Of(file, layout, form.Joined), device, settings.Repack);
            _graph = new VisionGraph(layout, form, _weights);
            _scheduler = NewScheduler();
            if (activations is not null)
            {
                _tap = new ActivationTap(activations, _weights.PartsOf);
                GgmlBackend.ggml_backend_sched_set_eval_callback(_scheduler, ActivationTap.Callback, _tap.UserData);
            }

            if (!GgmlBackend.ggml_backend_sched_alloc_graph(_scheduler, _graph.Graph))
            {
                throw new ModelMemoryException($"No memory for the vision tower's activations on {device.Name}{(log.Errors.Length > 0 ? ": " + log.Errors : "")}.");
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        DeviceName = device.Name;
        Bytes = _weights.Bytes;
        ComputeBytes = _backends.Sum(backend => (long)GgmlBackend.ggml_backend_sched_get_buffer_size(_scheduler, backend));
        BufferTypeNames = _weights.BufferTypeNames;
    }

    public VisionLayout Layout { get; }

    public string DeviceName { get; }

    /// <summary>The bytes of its weights on the device.</summary>
    public long Bytes { get; }

    /// <summary>The bytes of its intermediate results.</summary>
    public long ComputeBytes { get; }

    /// <summary>The kinds of memory that the weights lie in.</summary>
    public IReadOnlyList<string> BufferTypeNames { get; }

    /// <summary>Resizes a picture to the square that the tower takes.</summary>
    public RgbImage Resize(RgbImage image) => Resampling.Resize(image, Layout.ImageSize, Layout.ImageSize, _interpolation);

    /// <summary>Computes the soft tokens of a picture.</summary>
    /// <param name="resized">The picture, resized already.</param>
    /// <param name="cancellationToken">Ends the computation early on the CPU.</param>
    /// <returns><c>Patches * n_embd</c> values, ready for the decoder.</returns>
    public async Task<float[]> EncodeAsync(RgbImage resized, CancellationToken cancellationToken) => (await ComputeAsync(resized, withTower: false, cancellationToken).ConfigureAwait(false)).SoftTokens;

    /// <summary>As <see cref="EncodeAsync"/>, with what the tower hands to the projector if that is asked for.</summary>
    internal async Task<(float[] SoftTokens, float[] TowerOutput)> ComputeAsync(RgbImage resized, bool withTower, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Compute(resized, withTower, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits for a picture that is being computed, then releases all.</summary>
    public void Dispose()
    {
        _turn.Wait();
        _scheduler?.Dispose();
        _tap?.Dispose();
        _graph?.Dispose();
        _weights?.Dispose();
        foreach (GgmlBackendHandle backend in _backends) backend.Dispose();
        _abort.Dispose();
        _turn.Dispose();
    }

    private unsafe (float[] SoftTokens, float[] TowerOutput) Compute(RgbImage resized, bool withTower, CancellationToken cancellationToken)
    {
        using NativeLog.Route log = NativeLog.To(_logger);
        _abort.Requested = false;
        using CancellationTokenRegistration registration = cancellationToken.Register(() => _abort.Requested = true);
        Layout.Normalization.WritePatches(resized, Layout.PatchSize, _patches);
        fixed (float* patches = _patches)
        {
            GgmlBackend.ggml_backend_tensor_set(_graph.Patches, patches, 0, Ggml.ggml_nbytes(_graph.Patches));
        }

        int status = GgmlBackend.ggml_backend_sched_graph_compute(_scheduler, _graph.Graph);
        _tap?.ThrowIfFailed();
        cancellationToken.ThrowIfCancellationRequested();
        if (status != 0) throw new InferenceException($"The vision tower failed on {DeviceName} (status {status}){(log.Errors.Length > 0 ? ": " + log.Errors : "")}.");
        return (Read(_graph.SoftTokens, Layout.Patches * Layout.ProjectionLength), withTower ? Read(_graph.TowerOutput, Layout.Patches * Layout.HiddenLength) : []);
    }

    private static unsafe float[] Read(ggml_tensor* tensor, int count)
    {
        float[] values = new float[count];
        fixed (float* target = values) GgmlBackend.ggml_backend_tensor_get(tensor, target, 0, (nuint)count * sizeof(float));
        return values;
    }

    private unsafe GgmlSchedulerHandle NewScheduler()
    {
        nint* backends = stackalloc nint[_backends.Count];
        for (int index = 0; index < _backends.Count; index++) backends[index] = _backends[index].Pointer;
        return GgmlBackend.ggml_backend_sched_new(backends, null, _backends.Count, (nuint)_graph.NodeCount, parallel: false, offloadOperations: false);
    }
}
