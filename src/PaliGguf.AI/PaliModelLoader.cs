namespace PaliGguf.AI;

/// <summary>
/// Loads a model for a <see cref="PaliModelProvider"/> of a service provider. A service of this type, with the model's key if it has one,
/// takes the place of <see cref="PaliModel.LoadAsync(string, ModelOptions?, IProgress{LoadProgress}?, CancellationToken)"/>.
/// </summary>
/// <param name="model">The text GGUF, or a folder that holds one pair of text and vision GGUF.</param>
/// <param name="options">How to load and run it.</param>
/// <param name="progress">Told how far loading has come, on any thread.</param>
/// <param name="cancellationToken">Stops loading.</param>
public delegate Task<PaliModel> PaliModelLoader(
    string model, ModelOptions options, IProgress<LoadProgress>? progress, CancellationToken cancellationToken);
