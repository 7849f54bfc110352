namespace PaliGguf.Conversion.Tensors;

/// <summary>What checkpoints of one kind call their tensors, and what everything after calls them.</summary>
/// <param name="Shorten">The short name; null for a name that no tensor of such a model has.</param>
/// <param name="IsUnused">Whether a tensor, by its short name, may be there without being used.</param>
/// <param name="Spell">The full name of a short one.</param>
internal sealed record TensorNaming(Func<string, string?> Shorten, Func<string, bool> IsUnused, Func<string, string> Spell);
