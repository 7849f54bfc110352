using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>The processor's instructions that matter to products of matrices.</summary>
internal static class InstructionSets
{
    /// <summary>Bits of what CPUID answers for a leaf and a sub-leaf, in EAX, EBX, ECX or EDX (Intel's Software Developer's Manual, volume 2A).</summary>
    private static readonly (string Name, int Leaf, int SubLeaf, int Register, int Bit)[] OfX86 =
    [
        ("FMA", 1, 0, 2, 12), ("F16C", 1, 0, 2, 29), ("AVX2", 7, 0, 1, 5), ("AVX-VNNI", 7, 1, 0, 4), ("AVX512F", 7, 0, 1, 16), ("AVX512-VBMI", 7, 0, 2, 1),
        ("AVX512-VNNI", 7, 0, 2, 11), ("AVX512-BF16", 7, 1, 0, 5), ("AVX512-FP16", 7, 0, 3, 23), ("AMX-INT8", 7, 0, 3, 25), ("AMX-BF16", 7, 0, 3, 22), ("AMX-FP16", 7, 1, 0, 21),
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Here()
    {
        if (X86Base.IsSupported) return [.. OfX86.Where(Has).Select(set => set.Name)];
        List<string> names = [];
        if (AdvSimd.IsSupported) names.Add("NEON");
        if (Dp.IsSupported) names.Add("DOTPROD");
        return names;
    }

    private static bool Has((string Name, int Leaf, int SubLeaf, int Register, int Bit) set)
    {
        if (X86Base.CpuId(0, 0).Eax < set.Leaf || (set.SubLeaf > 0 && X86Base.CpuId(set.Leaf, 0).Eax < set.SubLeaf)) return false;
        (int eax, int ebx, int ecx, int edx) = X86Base.CpuId(set.Leaf, set.SubLeaf);
        ReadOnlySpan<int> registers = [eax, ebx, ecx, edx];
        return (registers[set.Register] >> set.Bit & 1) != 0;
    }
}
