using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Memory;

/// <summary>What a plan has to know of the machine.</summary>
/// <param name="HasGpu">Whether there is a GPU to put layers on. Plans know of one, the first.</param>
/// <param name="Packing">What the CPU does with weights.</param>
/// <param name="Threads">How many threads compute, for their workspace.</param>
public sealed record MachineShape(bool HasGpu, WeightPacking Packing, int Threads)
{
    /// <summary>Whether there is code of our own for the CPU's products (<see cref="MatrixProducts.Auto"/>).</summary>
    public bool OwnProducts { get; init; }

    /// <summary>As much of the machine as a model is to use: no more threads, and packing only where it is wanted.</summary>
    internal MachineShape For(ModelOptions options) => this with
    {
        Threads = options.Threads < Threads ? options.Threads.Value : Threads,
        Packing = options.Repack ? Packing : WeightPacking.None,
    };

    /// <summary>This machine; asks the native library.</summary>
    /// <exception cref="NativeLibraryException">The native libraries are missing or have another version.</exception>
    public static MachineShape Here() => new(ComputeDevice.All().Any(device => device.IsGpu), WeightPacking.Here(), Environment.ProcessorCount) { OwnProducts = MatrixProduct.IsSupported };
}
