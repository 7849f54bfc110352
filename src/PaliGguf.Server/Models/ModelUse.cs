namespace PaliGguf.Server.Models;

/// <summary>A loaded model that stays loaded until this is disposed.</summary>
/// <param name="name">What requests call it.</param>
/// <param name="model">The model.</param>
/// <param name="queue">Where requests wait for their turn on it.</param>
/// <param name="release">Told when it is used no more.</param>
internal sealed class ModelUse(string name, PaliModel model, AdmissionQueue queue, Action? release = null) : IDisposable
{
    private Action? _release = release;

    public string Name => name;

    public PaliModel Model => model;

    public AdmissionQueue Queue => queue;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
