namespace PaliGguf.Conversion;

/// <summary>A LoRA adapter that a conversion merges into the weights.</summary>
/// <param name="Folder">The folder that PEFT saved: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</param>
/// <param name="Weight">How much of the adapter is added, on top of its own scale: 1 for what was trained, a finite number.</param>
public sealed record AdapterSource(string Folder, float Weight = 1);
