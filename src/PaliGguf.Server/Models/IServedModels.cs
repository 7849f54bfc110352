using PaliGguf.Server.Http;

namespace PaliGguf.Server.Models;

/// <summary>The models of a server: one that is there all the time, or several that come and go.</summary>
internal interface IServedModels
{
    /// <summary>What keeps the server from going on; null where nothing does.</summary>
    Exception? Failure { get; }

    /// <summary>Whether requests are answered.</summary>
    Readiness Readiness { get; }

    /// <summary>How many requests run.</summary>
    int Running { get; }

    /// <summary>How many wait for their turn on a model that is loaded.</summary>
    int Waiting { get; }

    /// <summary>Refuses a request early, before its body is read, where it would be refused anyway.</summary>
    /// <exception cref="RejectionException">The model is not there yet, the server is being stopped, or too many wait.</exception>
    void RequireOpen();

    /// <summary>Refuses a name that is none, before all else.</summary>
    /// <exception cref="RejectionException">There is no such model, or several.</exception>
    void RequireKnown(string? name);

    /// <summary>Has a model stay loaded while it is used.</summary>
    /// <param name="name">Its name; null for the one that is meant where none is named.</param>
    /// <param name="stay">How long it is to stay loaded afterwards; null for as long as is usual.</param>
    /// <param name="cancellationToken">Ends the waiting for it.</param>
    /// <exception cref="RejectionException">There is no such model, or it can not be loaded.</exception>
    Task<ModelUse> UseAsync(string? name, TimeSpan? stay, CancellationToken cancellationToken);

    /// <summary>All models, loaded or not.</summary>
    /// <exception cref="RejectionException">The only model is not there yet.</exception>
    IReadOnlyList<ServedState> List();
}

/// <summary>Whether a server answers.</summary>
/// <param name="Status">"ready", "changed", "loading" or "stopping".</param>
/// <param name="Progress">How far the only model is; null where that is not it.</param>
internal sealed record Readiness(string Status, LoadProgress? Progress = null);

/// <summary>A model and what becomes of it.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Files">Its files.</param>
/// <param name="State">"loaded", "loading" or "unloaded".</param>
/// <param name="Requests">How many requests use it, or wait for it.</param>
/// <param name="Model">The model, where it is loaded.</param>
/// <param name="Since">When it was loaded.</param>
/// <param name="Until">When it is unloaded if nobody asks; null for never, or while it is used.</param>
internal sealed record ServedState(
    string Name, ModelFiles Files, string State, int Requests = 0, PaliModel? Model = null, DateTimeOffset? Since = null,
    DateTimeOffset? Until = null);
