using System.Runtime.Intrinsics.X86;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>
/// What this processor can, as CPUID tells (Intel's manual, volume 2A) and the system allows. The runtime's IsSupported tells what it
/// compiles to, which is less where a program was compiled before,
/// and it knows neither AVX-512 VNNI nor AMX.
/// </summary>
internal static class ProcessorFeatures
{
    private const int FusedMultiplyAdd = 1 << 12, KeepsState = 1 << 27;
    private const ulong Vectors256State = 0x6;
    private const ulong Vectors512State = 0xE6;
    private const ulong TileState = 0x60000;

    /// <summary>AVX2 and FMA, without which there are no products of our own.</summary>
    public static bool Avx2 { get; } =
        Has(subleaf: 0, ebx: Bits(5), ecx: 0, edx: 0, Vectors256State) && (X86Base.CpuId(1, 0).Ecx & FusedMultiplyAdd) != 0;

    /// <summary>Products of four bytes each in vectors of 512 bits, with AVX-512 F, BW, DQ and VL.</summary>
    public static bool Avx512Vnni { get; } = Has(subleaf: 0, ebx: Bits(16, 17, 30, 31), ecx: Bits(11), edx: 0, Vectors512State);

    /// <summary>Products of tiles of bytes.</summary>
    public static bool AmxInt8 { get; } = Has(subleaf: 0, ebx: 0, ecx: 0, edx: Bits(24, 25), TileState);

    private static uint Bits(params ReadOnlySpan<int> bits)
    {
        uint all = 0;
        foreach (int bit in bits) all |= 1u << bit;
        return all;
    }

    /// <summary>Whether leaf 7 has these bits, and the system keeps the registers' state.</summary>
    private static bool Has(int subleaf, uint ebx, uint ecx, uint edx, ulong state)
    {
        const int Leaf = 7;
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < Leaf) return false;
        (_, int b, int c, int d) = X86Base.CpuId(Leaf, subleaf);
        if (((uint)b & ebx) != ebx || ((uint)c & ecx) != ecx || ((uint)d & edx) != edx) return false;
        bool keepsState = (X86Base.CpuId(1, 0).Ecx & KeepsState) != 0;
        return keepsState && (KeptState() & state) == state;
    }

    /// <summary>XCR0.</summary>
    private static unsafe ulong KeptState()
    {
        try
        {
            // xor ecx, ecx; xgetbv; shl rdx, 32; or rax, rdx; ret
            using ExecutableMemory code = new([0x31, 0xC9, 0x0F, 0x01, 0xD0, 0x48, 0xC1, 0xE2, 0x20, 0x48, 0x09, 0xD0, 0xC3]);
            return ((delegate* unmanaged<ulong>)code.Start)();
        }
        catch (NotSupportedException)
        {
            return 0;
        }
    }
}
