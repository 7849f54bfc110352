using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Interop;

/// <summary>
/// The folders into which LLamaSharp's packages divide the builds for one platform, by the instructions that they need. The processor
/// itself is asked, since
/// <c>Avx2.IsSupported</c> and its like are constants in a program that was compiled ahead of time.
/// </summary>
internal static class CpuVariants
{
    // Leaf 1, ECX; leaf 7, EBX.
    private const int Fma = 1 << 12, OsXsave = 1 << 27, Avx = 1 << 28, F16c = 1 << 29;
    private const int Bmi1 = 1 << 3, Avx2 = 1 << 5,
        Bmi2 = 1 << 8, Avx512F = 1 << 16, Avx512Dq = 1 << 17, Avx512Cd = 1 << 28, Avx512Bw = 1 << 30, Avx512Vl = 1 << 31;

    // The end of the state of 256-bit registers in memory, and the number of the last part of the 512-bit one.
    private const int YmmEnd = 832, LastZmmPart = 7;

    /// <summary>The folders that this machine can run, the fastest first.</summary>
    public static IReadOnlyList<string> BestFirst { get; } =
        !X86Base.IsSupported || RuntimeInformation.ProcessArchitecture != Architecture.X64 ? []
        : OperatingSystem.IsMacOS() ? OnMacOS(X86Base.CpuId)
        : Elsewhere(X86Base.CpuId);

    /// <summary>The folders for a processor that answers CPUID like this, on Linux or Windows.</summary>
    internal static IReadOnlyList<string> Elsewhere(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId)
    {
        const int Avx512 = Avx512F | Avx512Dq | Avx512Cd | Avx512Bw | Avx512Vl;
        List<string> folders = ["noavx"];
        if (!HasAvx(cpuId)) return folders;
        int features = cpuId(7, 0).Ebx;
        folders.Insert(0, "avx");
        if ((features & Avx2) == 0) return folders;
        folders.Insert(0, "avx2");
        if ((features & Avx512) == Avx512 && SavedBytes(cpuId) >= ZmmEnd(cpuId)) folders.Insert(0, "avx512");
        return folders;
    }

    /// <summary>The same on macOS, where one build needs AVX2 and lies in no folder of its own, and another is for Apple silicon's
    /// translation.</summary>
    internal static IReadOnlyList<string> OnMacOS(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId) =>
        HasAvx(cpuId) && (cpuId(7, 0).Ebx & Avx2) != 0 ? [] : ["rosetta2"];

    // The build called "avx" also uses FMA, F16C and BMI2.
    private static bool HasAvx(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId)
    {
        const int Needed = Fma | OsXsave | Avx | F16c;
        return cpuId(0, 0).Eax >= 0xD && (cpuId(1, 0).Ecx & Needed) == Needed && (cpuId(7, 0).Ebx & (Bmi1 | Bmi2)) == (Bmi1 | Bmi2)
            && SavedBytes(cpuId) >= YmmEnd;
    }

    // What the operating system keeps of a thread's registers: it must have switched the wide ones on. XGETBV would tell, but there is no
    // intrinsic for it.
    private static int SavedBytes(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId) => cpuId(0xD, 0).Ebx;

    private static int ZmmEnd(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId)
    {
        (int size, int offset, _, _) = cpuId(0xD, LastZmmPart);
        return size > 0 ? offset + size : int.MaxValue;
    }
}
