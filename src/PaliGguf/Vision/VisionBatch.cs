using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Vision;

/// <summary>The computation of so many pictures at once: its graph and the memory for its intermediate results, made once and used for every picture.</summary>
internal sealed unsafe class VisionBatch : IDisposable
{
    private readonly VisionLayout _layout;
    private readonly VisionGraph _graph;
    private readonly GgmlSchedulerHandle _scheduler;
    private readonly IReadOnlyList<GgmlBackendHandle> _backends;

    /// <summary>Lays out the computation.</summary>
    /// <param name="layout">The tower's sizes.</param>
    /// <param name="form">How it computes; tells how many pictures.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="work">What the threads share in its products; batches that are not computed at the same time can have the same.</param>
    /// <param name="backends">The opened devices, the CPU last.</param>
    /// <param name="tap">Shows the rows of every product to an observer; null for nobody.</param>
    /// <exception cref="ModelMemoryException">There is no memory for the intermediate results.</exception>
    public VisionBatch(VisionLayout layout, TowerForm form, WeightStore weights, ProductWork work, IReadOnlyList<GgmlBackendHandle> backends, ActivationTap? tap)
    {
        _layout = layout;
        _backends = backends;
        _graph = new VisionGraph(layout, form, weights, work);
        nint* pointers = stackalloc nint[backends.Count];
        for (int index = 0; index < backends.Count; index++) pointers[index] = backends[index].Pointer;
        _scheduler = GgmlBackend.ggml_backend_sched_new(pointers, null, backends.Count, (nuint)_graph.NodeCount, parallel: false, offloadOperations: false);
        if (tap is not null) GgmlBackend.ggml_backend_sched_set_eval_callback(_scheduler, ActivationTap.Callback, tap.UserData);
        if (GgmlBackend.ggml_backend_sched_alloc_graph(_scheduler, _graph.Graph)) return;
        Dispose();
        throw new ModelMemoryException($"No memory for the vision tower's activations ({form.Pictures} at once).");
    }

    /// <summary>The bytes of the intermediate results.</summary>
    public long Bytes => _backends.Sum(backend => (long)GgmlBackend.ggml_backend_sched_get_buffer_size(_scheduler, backend));

    /// <summary>Hands over the patches of one picture.</summary>
    public void SetPatches(int picture, ReadOnlySpan<float> patches)
    {
        fixed (float* values = patches)
        {
            GgmlBackend.ggml_backend_tensor_set(_graph.Patches, values, (nuint)picture * (nuint)patches.Length * sizeof(float), (nuint)patches.Length * sizeof(float));
        }
    }

    /// <summary>Computes all pictures; 0 if that went well.</summary>
    public int Compute() => GgmlBackend.ggml_backend_sched_graph_compute(_scheduler, _graph.Graph);

    /// <summary>A computed picture's soft tokens.</summary>
    public float[] SoftTokens(int picture) => Read(_graph.SoftTokens, picture, _layout.Patches * _layout.ProjectionLength);

    /// <summary>What the tower handed to the projector.</summary>
    public float[] TowerOutput(int picture) => Read(_graph.TowerOutput, picture, _layout.Patches * _layout.HiddenLength);

    public void Dispose()
    {
        _scheduler.Dispose();
        _graph.Dispose();
    }

    private static float[] Read(ggml_tensor* tensor, int picture, int count)
    {
        float[] values = new float[count];
        fixed (float* target = values) GgmlBackend.ggml_backend_tensor_get(tensor, target, (nuint)picture * (nuint)count * sizeof(float), (nuint)count * sizeof(float));
        return values;
    }
}
