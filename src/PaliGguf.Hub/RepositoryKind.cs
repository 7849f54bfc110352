namespace PaliGguf.Hub;

/// <summary>What a hub keeps.</summary>
public enum RepositoryKind
{
    /// <summary>Weights: a checkpoint, GGUF files or an adapter.</summary>
    Model,

    /// <summary>A data set.</summary>
    Dataset,
}
