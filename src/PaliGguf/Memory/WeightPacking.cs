using System.Collections.Immutable;
using PaliGguf.Interop;

namespace PaliGguf.Memory;

/// <summary>
/// Which types of matrices the CPU's code stores in a form of its own, to multiply faster. Such weights can not be read from the mapped file: they are copied into memory
/// that the system can not take back.
/// </summary>
/// <param name="Types">The types that are repacked.</param>
/// <param name="Amx">Whether they become tiles for Intel's AMX, which take a little more memory than the file.</param>
public sealed record WeightPacking(ImmutableHashSet<GgmlType> Types, bool Amx = false)
{
    // The kernels work on whole groups of rows and blocks.
    private const int Multiple = 32;

    /// <summary>Every type stays as it is in the file.</summary>
    public static WeightPacking None { get; } = new([]);

    /// <summary>What this machine's CPU does; asks the native library.</summary>
    /// <exception cref="NativeLibraryException">The native libraries are missing or have another version.</exception>
    public static WeightPacking Here()
    {
        ComputeDevice cpu = ComputeDevice.Cpu();
        GgmlType[] packed = [.. Enum.GetValues<GgmlType>().Where(type => type.HoldsWeights && type != GgmlType.F32 && cpu.WeightBufferType(type, 1024, 1024) != cpu.PlainBufferType)];
        return new WeightPacking([.. packed], packed.Any(type => ComputeDevice.BufferTypeName(cpu.WeightBufferType(type, 1024, 1024)) == "AMX"));
    }

    /// <summary>Whether a matrix is repacked.</summary>
    public bool Packs(TensorShape tensor) =>
        tensor.Shape.Length == 2 && Types.Contains(tensor.Type) && tensor.Shape[0] % Multiple == 0 && tensor.Shape[1] % Multiple == 0;

    /// <summary>The bytes of a matrix once it is repacked: AMX keeps a sum beside each block of Q8_0 (<c>get_row_size</c> in ggml-cpu/amx/mmq.cpp).</summary>
    public long PackedBytes(TensorShape tensor) =>
        Amx && tensor.Type == GgmlType.Q8_0 ? tensor.Bytes / GgmlType.Q8_0.TypeSize * (GgmlType.Q8_0.TypeSize + sizeof(int)) : tensor.Bytes;
}
