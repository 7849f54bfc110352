namespace PaliGguf;

/// <summary>A LoRA adapter that is loaded with a model: a GGUF file as <c>paligguf adapter</c> and llama.cpp's own converter write it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Scale">How much of it requests use that do not say (<see cref="Language.GenerationRequest.Adapters"/>): 1 for what was trained, 0 for none.</param>
public sealed record AdapterFile(string Path, float Scale = 1)
{
    /// <summary>What requests call it. By default the file's name without folder and ending.</summary>
    public string Name { get; init; } = System.IO.Path.GetFileNameWithoutExtension(Path);
}
