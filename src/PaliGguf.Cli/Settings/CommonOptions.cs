using System.CommandLine;

namespace PaliGguf.Cli.Settings;

/// <summary>
/// The options that every command has. Each is also a setting of the same name without hyphens (<see cref="UserSettings"/>), so none has a
/// default value here: what is not on the command line is looked for elsewhere.
/// </summary>
internal static class CommonOptions
{
    public static Option<bool> Verbose { get; } = Of<bool>("--verbose", "Log to standard error, the native libraries' messages included; errors with their stack.");

    public static IReadOnlyList<Option> All { get; } =
    [
        Of<string>("--model", "The text GGUF, or a folder with one pair of text and vision GGUF. Default: the model that comes with the program.", "PATH"),
        Of<string>("--vision", "The vision GGUF. Default: mmproj-NAME-TYPE.gguf beside the text GGUF.", "PATH"),
        Of<string[]>("--lora", "A LoRA adapter (made by 'paligguf adapter') to answer with; 'FILE:0.5' for half of it. May be given several times.", "FILE[:SCALE]"),
        Of<string>("--lang", "The language of the answer: en, de, th, ... Default: en.", "CODE"),
        Of<int>("--max-tokens", "The longest answer in tokens. Default: 256.", "N"),
        Of<bool>("--ignore-eos", "Go on after the end of the answer, up to --max-tokens."),
        Of<int>("--threads", "CPU threads. Default: all cores.", "N"),
        Of<int>("--gpu-layers", "Decoder layers on the GPU: -1 for all (the default), 0 for the CPU alone.", "N"),
        Of<int>("--context", "The longest sequence in tokens. Default: what pictures, prompt and answer need.", "N"),
        Of<string>("--ram", "Most main memory to use: 8GiB, 2000MB, or 'auto' for what is free. What is left open is then chosen so that it suffices ('paligguf plan').", "SIZE"),
        Of<string>("--vram", "Most memory of the GPU to use; likewise.", "SIZE"),
        Of<string>("--tower", "Where the vision tower is: gpu, cpu, or staged (released before the decoder is loaded). Default: the GPU if layers are there.", "PLACE"),
        Of<string>("--kv-type", "The element type of the KV cache: f16 (the default), f32 or q8_0.", "TYPE"),
        Of<bool>("--no-mmap", "Copy the decoder's weights into memory instead of mapping the file."),
        Of<bool>("--no-repack", "Leave the weights as they are stored: the model is loaded sooner and takes less memory, and is slower."),
        Of<bool>("--json", "Print one JSON object instead of text."),
        Verbose,
    ];

    internal static Option<T> Of<T>(string name, string description, string? value = null) =>
        new(name) { Description = description, HelpName = value, Recursive = true };
}
