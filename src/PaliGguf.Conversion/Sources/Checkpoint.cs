namespace PaliGguf.Conversion.Sources;

/// <summary>The weights of a checkpoint: named tensors, wherever they lie.</summary>
internal abstract class Checkpoint(string path) : IDisposable
{
    /// <summary>The file or folder that a message names when a tensor is missing.</summary>
    public string Path { get; } = path;

    public abstract IReadOnlyDictionary<string, SourceTensor> Tensors { get; }

    public abstract void Dispose();
}
