using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using PaliGguf.Adapters;
using PaliGguf.Cli.Settings;
using PaliGguf.Diagnostics;
using PaliGguf.Gguf;
using PaliGguf.Imaging;
using PaliGguf.Products;

namespace PaliGguf.Cli.Diagnosis;

/// <summary>Looks at everything that the program needs. What is missing becomes a problem with a fix, never an exception.</summary>
internal sealed class SystemDiagnosis(UserSettings settings)
{
    private const string RestoreFix =
        "build the application again, which brings the library, or set " + NativeDiagnostics.FolderVariable + " to a folder that holds it";

    private readonly List<ProblemJson> _problems = [];

    /// <summary>Loads the libraries and opens the model's files.</summary>
    public DoctorJson Run()
    {
        NativeDiagnostics natives = NativeDiagnostics.Collect();
        if (natives.Problem is not null)
            _problems.Add(new ProblemJson(natives.Problem, natives.Remedy ?? $"{RestoreFix}: {natives.SupportedVersions}"));
        if (natives.Llama is { } llama) FindIdleAccelerators(llama, natives.Folders);
        VipsJson? vips = FindVips();
        ModelJson model = FindModel();
        ProductsJson products = FindProducts();
        return new DoctorJson(
            _problems.TrueForAll(problem => !problem.Essential),
            typeof(SystemDiagnosis).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            natives.RuntimeIdentifier,
            RuntimeInformation.FrameworkDescription,
            Environment.ProcessorCount,
            settings.Threads ?? Environment.ProcessorCount,
            products.Processor != ProductProcessor.Name(InstructionSet.Library),
            products,
            Memory(),
            natives.Folders,
            natives.Llama,
            vips,
            natives.Devices,
            model,
            _problems);
    }

    /// <summary>Accelerators whose library is there but did not load: the library then computes on the CPU without a word.</summary>
    private void FindIdleAccelerators(LlamaLibraryInfo llama, IReadOnlyList<NativeFolderInfo> folders)
    {
        if (llama.LoadedFiles.Count == 0) return;
        foreach (string file in folders.Where(folder => folder.Path == llama.Folder).SelectMany(folder => folder.Libraries).Except(llama.LoadedFiles, StringComparer.Ordinal))
        {
            string? fix = file.Contains("ggml-cuda", StringComparison.Ordinal) ? "install the NVIDIA driver and the CUDA 13 runtime (cudart and cublas) where the system's loader finds them"
                : file.Contains("ggml-vulkan", StringComparison.Ordinal) ? "install the Vulkan loader and a driver for the GPU"
                : null;
            if (fix is not null) _problems.Add(new ProblemJson($"{file} is there but does not load, so that everything runs on the CPU", fix, Essential: false));
        }
    }

    private static MemoryJson Memory()
    {
        // The load is known from the first collection on.
        GC.Collect(0);
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return new MemoryJson(Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes), memory.TotalAvailableMemoryBytes);
    }

    private ProductsJson FindProducts()
    {
        string[] available = [.. ProductProcessor.Available.Select(ProductProcessor.Name)];
        try
        {
            string chosen = ProductProcessor.Name(ProductProcessor.Opened);
            string others = $"this machine has {string.Join(", ", available)}; {ProductProcessor.Variable} names another";
            string lack = ProductProcessor.IsCompiledForLess
                ? $"this program was compiled for processors without AVX2; publish it with {ProductProcessor.PublishWith}"
                : X86Base.IsSupported ? "this processor has no AVX2"
                : "there is no code of PaliGguf's own for this kind of processor";
            return new ProductsJson(chosen, available, available.Length == 1
                ? $"the library's: {lack}"
                : chosen == available[0] ? $"the library's, as {ProductProcessor.Variable} says; {others}"
                : $"PaliGguf's own on the CPU, by {chosen}: {others}");
        }
        catch (PaliException failure)
        {
            _problems.Add(new ProblemJson(failure.Message, $"unset {ProductProcessor.Variable}, or name one of these"));
            return new ProductsJson(available[0], available, $"none: {failure.Message}");
        }
    }

    private VipsJson? FindVips()
    {
        try
        {
            return new VipsJson(ImageLibrary.Path, ImageLibrary.Version.ToString());
        }
        catch (Exception failure) when (failure is NativeLibraryException or EntryPointNotFoundException or IOException or UnauthorizedAccessException)
        {
            _problems.Add(new ProblemJson(failure.Message, (failure as NativeLibraryException)?.Remedy ?? RestoreFix));
            return null;
        }
    }

    private List<AdapterInfo> FindAdapters(GgufFile model)
    {
        List<AdapterInfo> found = [];
        foreach (AdapterFile adapter in settings.Lora)
        {
            try
            {
                found.Add(AdapterInfo.Read(adapter, model));
            }
            catch (Exception failure) when (failure is PaliException or IOException or UnauthorizedAccessException)
            {
                _problems.Add(new ProblemJson(failure.Message, "name an adapter that 'paligguf adapter' made for this model, or none"));
            }
        }

        return found;
    }

    private ModelJson FindModel()
    {
        bool embedded = settings.Model is null;
        string path = settings.Model ?? EmbeddedModel.Folder;
        try
        {
            ModelFiles files = ModelFiles.Find(path, settings.Vision);
            using GgufFile text = GgufFile.Open(files.Text);
            using GgufFile vision = GgufFile.Open(files.Vision);
            return new ModelJson(path, embedded, files.Text, files.Vision, FindAdapters(text));
        }
        catch (Exception failure) when (failure is PaliException or IOException or UnauthorizedAccessException)
        {
            string fix = embedded
                ? $"build the application again, which brings this model, or name another one with --model or {EnvironmentSource.Prefix}MODEL"
                : "name a text GGUF whose vision GGUF lies beside it, or convert a checkpoint with 'paligguf convert'";
            _problems.Add(new ProblemJson(failure.Message, fix));
            return new ModelJson(path, embedded, null, null, []);
        }
    }
}
