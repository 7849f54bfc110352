using System.Numerics;
using Microsoft.Extensions.Logging;
using PaliGguf.Gguf;
using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Vision;

/// <summary>
/// Turns pictures into soft tokens, for callers on any threads. They take turns, and whoever's turn it is may compute the pictures of others who wait together with its own.
/// </summary>
internal sealed class VisionTower : IDisposable
{
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly List<GgmlBackendHandle> _backends = [];
    private readonly WeightStore _weights;
    private readonly ProductWork _work;
    private readonly ComputePriority _priority;
    private readonly TowerForm _form;
    private readonly Dictionary<int, VisionBatch> _batches = [];
    private readonly LinkedList<Waiting> _waiting = [];
    private readonly AbortFlag _abort = new();
    private readonly ActivationTap? _tap;
    private readonly float[] _patches;
    private readonly Interpolation _interpolation;
    private int _mostPictures;

    /// <summary>Copies the weights of a checked file to a device and lays out the computation.</summary>
    public unsafe VisionTower(
        GgufFile file, VisionLayout layout, ComputeDevice device, TowerSettings settings, ILogger logger, IActivationObserver? activations = null)
    {
        Layout = layout;
        DeviceName = device.Name;
        _logger = logger;
        _interpolation = settings.Interpolation ?? layout.Interpolation;
        _mostPictures = settings.Pictures ?? TowerSettings.PicturesOn(device.IsGpu, layout);
        _patches = new float[layout.Patches * layout.PatchLength];
        _work = new ProductWork(settings.Threads, spin: settings.Spin);
        _priority = settings.Priority;
        _work.TellOf(logger);
        using NativeLog.Route log = NativeLog.To(logger);
        try
        {
            ComputeDevice cpu = ComputeDevice.Cpu();
            if (device.IsGpu) _backends.Add(device.Open());
            _backends.Add(cpu.Open());
            cpu.SetAbortFlag(_backends[^1], _abort.Pointer);

            _form = TowerForm.Of(layout, StoredWeight.Types(file, layout), settings.Attention, device.IsGpu, settings.Own, observed: activations is not null) with { LargestScores = settings.LargestScores };
            bool own = !device.IsGpu && _form.IsOwn(layout);
            _work.SharedBy = settings.Threads;
            cpu.SetThreads(_backends[^1], own || !settings.Spin ? 1 : settings.Threads);

            if (device.IsGpu && settings.Attention == VisionAttention.Auto)
            {
                _form = _form with { Attention = AttentionTrial.Fastest(device, _backends[0], layout, _form, TowerForm.OnGpu) };
            }

            _weights = new WeightStore(file, layout, _form, device, settings.Repack);
            if (activations is not null) _tap = new ActivationTap(activations, _weights.PartsOf);
            Batch(1, log);
        }
        catch
        {
            Dispose();
            throw;
        }

        Bytes = _weights.Bytes;
        BufferTypeNames = _weights.BufferTypeNames;
    }

    public VisionLayout Layout { get; }

    public string DeviceName { get; }

    /// <summary>How attention is computed; never <see cref="VisionAttention.Auto"/>.</summary>
    public VisionAttention Attention => _form.Attention;

    /// <summary>The bytes of its weights on the device.</summary>
    public long Bytes { get; }

    /// <summary>The bytes of its intermediate results, as far as they were needed yet: several pictures at once have their own.</summary>
    public long ComputeBytes => _batches.Values.Sum(batch => batch.Bytes);

    /// <summary>The kinds of memory that the weights lie in.</summary>
    public IReadOnlyList<string> BufferTypeNames { get; }

    /// <summary>Resizes a picture to the square that the tower takes.</summary>
    public RgbImage Resize(RgbImage image) => Resampling.Resize(image, Layout.ImageSize, Layout.ImageSize, _interpolation);

    /// <summary>Computes the soft tokens of a picture.</summary>
    /// <param name="resized">The picture, resized already.</param>
    /// <param name="cancellationToken">Ends the computation early on the CPU.</param>
    /// <returns><c>Patches * n_embd</c> values, ready for the decoder.</returns>
    public async Task<float[]> EncodeAsync(RgbImage resized, CancellationToken cancellationToken)
    {
        Waiting own = new(resized);
        lock (_waiting) _waiting.AddLast(own);
        try
        {
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                // Somebody else's turn may have brought them.
                if (own.SoftTokens is null)
                {
                    await PriorityThreads.RunAsync(_priority, () => ComputeWaiting(own, cancellationToken), cancellationToken)
                        .ConfigureAwait(false);
                }

                return own.SoftTokens!;
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            lock (_waiting) _waiting.Remove(own);
        }
    }

    /// <summary>As <see cref="EncodeAsync"/>, with what the tower hands to the projector.</summary>
    internal async Task<(float[] SoftTokens, float[] TowerOutput)> ComputeAsync(RgbImage resized, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(
                () =>
                {
                    VisionBatch batch = Compute([resized], cancellationToken);
                    return (batch.SoftTokens(0), batch.TowerOutput(0));
                },
                cancellationToken).ConfigureAwait(false);
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
        foreach (VisionBatch batch in _batches.Values) batch.Dispose();
        _tap?.Dispose();
        _work.Dispose();
        _weights?.Dispose();
        foreach (GgmlBackendHandle backend in _backends) backend.Dispose();
        _abort.Dispose();
        _turn.Dispose();
    }

    private void ComputeWaiting(Waiting own, CancellationToken cancellationToken)
    {
        Waiting[] together;
        lock (_waiting)
        {
            Waiting[] others = [.. _waiting.Where(other => other != own && other.SoftTokens is null)];
            // Few sizes: each is laid out once, and kept.
            int count = 1 << BitOperations.Log2((uint)Math.Min(_mostPictures, 1 + others.Length));
            together = [own, .. others.AsSpan(0, count - 1)];
        }

        VisionBatch batch;
        try
        {
            batch = Compute([.. together.Select(waiting => waiting.Resized)], cancellationToken);
        }
        catch (ModelMemoryException failure) when (together.Length > 1)
        {
            _logger.LogWarning(failure, "There is no memory for {Pictures} pictures at once: they go one by one.", together.Length);
            _mostPictures = 1;
            together = [own];
            batch = Compute([own.Resized], cancellationToken);
        }

        for (int picture = 0; picture < together.Length; picture++) together[picture].SoftTokens = batch.SoftTokens(picture);
    }

    private VisionBatch Compute(RgbImage[] resized, CancellationToken cancellationToken)
    {
        using NativeLog.Route log = NativeLog.To(_logger);
        VisionBatch batch = Batch(resized.Length, log);
        _abort.Requested = false;
        using CancellationTokenRegistration registration = cancellationToken.Register(() => _abort.Requested = true);
        for (int picture = 0; picture < resized.Length; picture++)
        {
            Layout.Normalization.WritePatches(resized[picture], Layout.PatchSize, _patches);
            batch.SetPatches(picture, _patches);
        }

        int status = batch.Compute();
        _tap?.ThrowIfFailed();
        cancellationToken.ThrowIfCancellationRequested();
        if (status != 0) throw new InferenceException($"The vision tower failed on {DeviceName} (status {status}){Reason(log)}.");
        return batch;
    }

    private VisionBatch Batch(int pictures, NativeLog.Route log)
    {
        if (_batches.TryGetValue(pictures, out VisionBatch? batch)) return batch;
        TowerForm form = _form with { Pictures = pictures };
        try
        {
            Headroom.Require(TowerGraph.Bytes(Layout, form), "the vision tower's activations");
            return _batches[pictures] = new VisionBatch(Layout, form, _weights, _work, _backends, _tap);
        }
        catch (ModelMemoryException failure)
        {
            throw new ModelMemoryException($"{failure.Message} The device is {DeviceName}{Reason(log)}.", innerException: failure);
        }
    }

    private static string Reason(NativeLog.Route log) => log.Errors.Length > 0 ? ": " + log.Errors : "";

    /// <summary>A picture whose soft tokens somebody waits for.</summary>
    private sealed class Waiting(RgbImage resized)
    {
        public RgbImage Resized => resized;

        public float[]? SoftTokens { get; set; }
    }
}
