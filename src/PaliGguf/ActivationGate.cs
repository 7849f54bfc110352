namespace PaliGguf;

/// <summary>An observer that both halves of a model can call: it lets one call in at a time, and none before it is opened.</summary>
internal sealed class ActivationGate(IActivationObserver observer) : IActivationObserver
{
    private readonly Lock _lock = new();
    private volatile bool _open;

    public void Open() => _open = true;

    public void Observe(string weight, ReadOnlySpan<float> rows, int rowLength)
    {
        if (!_open) return;
        lock (_lock) observer.Observe(weight, rows, rowLength);
    }
}
