using PaliGguf.Hub.Pulling;
using PaliGguf.Hub.Store;

namespace PaliGguf.Hub;

/// <summary>Models, adapters and data sets of a Hugging Face hub, by their names: pulled once, then found on this computer.</summary>
/// <param name="options">Which hub is asked, and how; null for what the environment says.</param>
/// <param name="home">The folder of what is pulled; null for <c>PALIGGUF_HOME</c>, or <c>paligguf</c> in the user's folder for programs'
/// data.</param>
public sealed class ModelHub(HubOptions? options = null, string? home = null)
{
    private readonly PullStore _store = new(StoreHome.Of(home ?? Environment.GetEnvironmentVariable(StoreHome.Variable)));

    /// <summary>The folder of what was pulled.</summary>
    public string Home => _store.Home;

    /// <summary>
    /// Pulls what a repository holds: a checkpoint becomes a pair of GGUF files while it arrives, and is never stored itself; a pair of
    /// GGUF files, a PEFT adapter or a data set is stored as it is. What is
    /// there already is not asked for again. When it fails, is cancelled or killed, the same call goes on with what had arrived.
    /// </summary>
    /// <param name="pull">What to pull.</param>
    /// <param name="progress">Told how far it is; may be called from several threads, one at a time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HubException">The hub has no such thing, does not let its client in, or is not reached; or what it sent is not
    /// what it says.</exception>
    /// <exception cref="ModelFormatException">The checkpoint can not be converted.</exception>
    /// <exception cref="PaliGguf.Conversion.ConversionException">The folder can not be written to, or its disk is too small.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<PullResult> PullAsync(PullOptions pull, IProgress<PullProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pull);
        return new PullRun(options ?? HubOptions.FromEnvironment(), _store, pull, progress, cancellationToken).RunAsync();
    }

    /// <summary>All that was pulled, by name, the newest of each first; unfinished ones too.</summary>
    public IReadOnlyList<PulledItem> List() => _store.List();

    /// <summary>What a name means among it.</summary>
    /// <param name="name"><c>OWNER/NAME</c> or <c>NAME</c>, with <c>:TYPE</c> where only that is meant; letters of either case.</param>
    public IReadOnlyList<PulledItem> Find(string name) => _store.Find(name);

    /// <summary>Removes it from this computer.</summary>
    /// <exception cref="HubException">It is just being pulled, or can not be removed.</exception>
    public void Remove(PulledItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        _store.Remove(item);
    }
}
