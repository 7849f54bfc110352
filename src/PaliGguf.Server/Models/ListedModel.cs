namespace PaliGguf.Server.Models;

/// <summary>A model that can be loaded.</summary>
/// <param name="Name">What requests call it, and no other model.</param>
/// <param name="Files">Where it lies.</param>
/// <param name="Aliases">Shorter names, which other models may have too.</param>
internal sealed record ListedModel(string Name, ModelFiles Files, IReadOnlyList<string> Aliases);
