namespace PaliGguf.Vision;

/// <summary>The vision tower of a model: loaded once, or for each picture anew where there is no room for it beside the decoder.</summary>
/// <param name="layout">The tower's sizes.</param>
/// <param name="interpolation">How pictures are resized.</param>
/// <param name="load">Loads the tower.</param>
/// <param name="staged">Whether it is released when nobody uses it.</param>
internal sealed class VisionStage(VisionLayout layout, Interpolation interpolation, Func<VisionTower> load, bool staged) : IDisposable
{
    private readonly Lock _gate = new();
    private VisionTower? _tower;
    private int _users;

    public VisionLayout Layout => layout;

    /// <summary>What was loaded last; null before.</summary>
    public LoadedTower? Loaded { get; private set; }

    /// <summary>Resizes a picture to the square that the tower takes.</summary>
    public RgbImage Resize(RgbImage image) => Resampling.Resize(image, layout.ImageSize, layout.ImageSize, interpolation);

    /// <summary>Keeps the tower until the result is disposed; it is loaded when the first picture comes.</summary>
    public IDisposable Use()
    {
        lock (_gate) _users++;
        return new User(this);
    }

    /// <inheritdoc cref="VisionTower.EncodeAsync"/>
    public async Task<float[]> EncodeAsync(RgbImage resized, CancellationToken cancellationToken)
    {
        using IDisposable user = Use();
        // Loading takes a part of a second: not on the thread of a caller.
        VisionTower tower = await Task.Run(Tower, cancellationToken).ConfigureAwait(false);
        return await tower.EncodeAsync(resized, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The tower, loaded now if it is not.</summary>
    public VisionTower Tower()
    {
        lock (_gate)
        {
            if (_tower is not null) return _tower;
            _tower = load();
            Loaded = new LoadedTower(_tower.DeviceName, _tower.Bytes, _tower.BufferTypeNames);
            return _tower;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _tower?.Dispose();
            _tower = null;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_users > 0 || !staged) return;
            _tower?.Dispose();
            _tower = null;
        }
    }

    private sealed class User(VisionStage stage) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) stage.Leave();
        }
    }
}

/// <summary>Where a tower lies, or lay.</summary>
/// <param name="DeviceName">Its device, as the library names it.</param>
/// <param name="Bytes">The bytes of its weights there.</param>
/// <param name="BufferTypeNames">The kinds of memory they lie in.</param>
internal sealed record LoadedTower(string DeviceName, long Bytes, IReadOnlyList<string> BufferTypeNames);
