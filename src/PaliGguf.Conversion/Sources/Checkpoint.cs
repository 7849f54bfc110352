namespace PaliGguf.Conversion.Sources;

/// <summary>The weights of a checkpoint: named tensors, wherever they lie.</summary>
internal abstract class Checkpoint(string path) : IDisposable
{
    /// <summary>The file or folder that a message names when a tensor is missing.</summary>
    public string Path { get; } = path;

    public abstract IReadOnlyDictionary<string, SourceTensor> Tensors { get; }

    /// <summary>The room on the disk that reading the tensors will take for a while.</summary>
    public virtual long ScratchBytes => 0;

    public abstract void Dispose();
}
