using PaliGguf.Adapters;
using PaliGguf.Diagnostics;

namespace PaliGguf.Cli.Diagnosis;

/// <summary>What "doctor --json" prints; <c>ownProducts</c> tells whether there is code of our own for this processor's products,
/// <c>products</c> which it is.</summary>
internal sealed record DoctorJson(
    bool Ok, string Version, string Platform, string Runtime, int Processors, int Threads,
    bool OwnProducts, ProductsJson Products, MemoryJson Memory, IReadOnlyList<NativeFolderInfo> Folders, LlamaLibraryInfo? Llama,
    VipsJson? Vips, IReadOnlyList<ComputeDeviceInfo> Devices, ModelJson Model, IReadOnlyList<ProblemJson> Problems);

/// <summary>Who multiplies matrices on the CPU.</summary>
/// <param name="Processor">The instruction set in use; "library" for none of our own.</param>
/// <param name="Available">Those that this processor has and the system allows, which PALIGGUF_PROCESSOR may name.</param>
/// <param name="Description">The same for people.</param>
internal sealed record ProductsJson(string Processor, IReadOnlyList<string> Available, string Description);

/// <summary>The memory that this process may have, limits of a container included.</summary>
internal sealed record MemoryJson(long FreeBytes, long TotalBytes);

/// <summary>The libvips that is loaded.</summary>
internal sealed record VipsJson(string Path, string Version);

/// <summary>The model that is used when the command line names none.</summary>
/// <param name="Path">Where it is looked for.</param>
/// <param name="Embedded">Whether this is the model that comes with the program.</param>
/// <param name="Text">The text GGUF; null when the model is not usable.</param>
/// <param name="Vision">The vision GGUF; likewise.</param>
/// <param name="Adapters">The LoRA adapters that are set, as far as they fit the model.</param>
internal sealed record ModelJson(string Path, bool Embedded, string? Text, string? Vision, IReadOnlyList<AdapterInfo> Adapters);

/// <summary>Something that is missing, essential or not, and what to do about it.</summary>
internal sealed record ProblemJson(string Problem, string Fix, bool Essential = true);
