using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using PaliGguf.Interop;

namespace PaliGguf.Training.Runtime;

/// <summary>Loads libtorch, once in a process.</summary>
internal static class TorchRuntime
{
    // About a quarter of a millisecond: most waits are shorter, and waking takes longer than they do.
    private const int Spins = 20_000;

    private static readonly Lock Loading = new();
    private static bool _loaded;

    /// <summary>The version of the binding, which decides that of libtorch.</summary>
    public static string Version { get; } = typeof(torch).Assembly.GetName().Version!.ToString(3);

    /// <summary>The binding's native half, which brings libtorch.</summary>
    public static string LibraryPath { get; } = Path.Combine(
        AppContext.BaseDirectory, "runtimes",
        OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64", "native",
        OperatingSystem.IsWindows() ? "LibTorchSharp.dll" : OperatingSystem.IsMacOS() ? "libLibTorchSharp.dylib" : "libLibTorchSharp.so");

    /// <summary>Whether the processor multiplies bfloat16 (AVX512_BF16): elsewhere it is turned into float32 time and again.</summary>
    public static bool MultipliesBFloat16 =>
        X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;

    /// <summary>What products are computed with soonest.</summary>
    public static ScalarType FastestType => MultipliesBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>
    /// Loads the library, whose threads soon wait for each other asleep: spinning ones take the processor from each other where it is
    /// shared.
    /// </summary>
    /// <param name="threads">The number of threads; 0 for one per core that the process may use.</param>
    /// <param name="onGpu">Whether tensors are made on a GPU; null where libtorch finds one.</param>
    /// <exception cref="PaliException">It can not be loaded; says why and what to do.</exception>
    public static void Load(int threads = 0, bool? onGpu = false)
    {
        lock (Loading)
        {
            if (!_loaded)
            {
                try
                {
                    OpenMpPolicy.WhileSleeping(() =>
                    {
                        if (OperatingSystem.IsLinux()) LoadDirectly();
                        InitializeDeviceType(DeviceType.CPU);
                        return 0;
                    }, Spins);
                }
                catch (Exception e)
                    when (e is DllNotFoundException or NotSupportedException or TypeInitializationException or BadImageFormatException)
                {
                    throw new PaliException($"libtorch can not be loaded: {Reason(e)} 'paligguf train doctor' tells what was found.", e);
                }

                _loaded = true;
            }
        }

        if (onGpu is true && !cuda.is_available())
        {
            throw new PaliException(
                "libtorch finds no GPU. Build the trainer with 'dotnet build src/PaliGguf.Training -p:PaliGgufAccelerator=cuda', "
                + "which takes some gigabytes, on a machine with a driver; or train with --device cpu.");
        }

        set_default_device(onGpu ?? cuda.is_available() ? CUDA : CPU);
        set_num_threads(threads > 0 ? threads : Environment.ProcessorCount);
    }

    // The binding's own attempt ends in a message about packages, whatever the loader has said.
    private static void LoadDirectly()
    {
        if (File.Exists(LibraryPath)) NativeLibrary.Load(LibraryPath);
    }

    private static string Reason(Exception e)
    {
        Exception inner = e is TypeInitializationException { InnerException: { } cause } ? cause : e;
        string text = inner.Message.ReplaceLineEndings(" ").TrimEnd();
        return text.EndsWith('.') ? text : text + ".";
    }
}
