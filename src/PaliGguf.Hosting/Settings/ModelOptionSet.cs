namespace PaliGguf.Hosting.Settings;

/// <summary>The options of every program that runs a model.</summary>
internal static class ModelOptionSet
{
    public static IReadOnlyList<SettingOption> All { get; } =
    [
        new("--model", "MODEL",
            "The text GGUF, a folder with one pair of text and vision GGUF, or the name of a model that was pulled. Default: the model "
            + "that comes with the program."),
        new("--vision", "PATH", "The vision GGUF. Default: mmproj-NAME-TYPE.gguf beside the text GGUF."),
        new("--lora", "FILE[:SCALE]", "A LoRA adapter (made by 'paligguf adapter') to answer with; 'FILE:0.5' for half of it. May be given several times.", OptionKind.List),
        new("--max-tokens", "N", "The longest answer in tokens. Default: 256.", OptionKind.WholeNumber),
        new("--threads", "N", "CPU threads. Default: all cores.", OptionKind.WholeNumber),
        new("--gpu-layers", "N", "Decoder layers on the GPU: -1 for all (the default), 0 for the CPU alone.", OptionKind.WholeNumber),
        new("--context", "N", "The longest sequence in tokens. Default: what pictures, prompt and answer need.", OptionKind.WholeNumber),
        new("--ram", "SIZE", "Most main memory to use: 8GiB, 2000MB, or 'auto' for what is free. What is left open is then chosen so that it suffices ('paligguf plan')."),
        new("--vram", "SIZE", "Most memory of the GPU to use; likewise."),
        new("--tower", "PLACE", "Where the vision tower is: gpu, cpu, or staged (released before the decoder is loaded). Default: the GPU if layers are there."),
        new("--kv-type", "TYPE", "The element type of the KV cache: f16 (the default), f32 or q8_0."),
        new("--no-mmap", null, "Copy the decoder's weights into memory instead of mapping the file."),
        new("--no-repack", null, "Leave the weights that the library multiplies as they are stored: the model is loaded sooner and takes less memory, and is slower."),
        new("--products", "WHO", "Who multiplies the weights on the CPU: auto (the default; PaliGguf's own code where there is some for processor and types) or library."),
        new("--max-pixels", "N", "The most pixels of a picture, checked before it is decoded. Default: 100000000.", OptionKind.WholeNumber),
        new("--verbose", null, "Log to standard error, the native libraries' messages included; errors with their stack."),
    ];
}
