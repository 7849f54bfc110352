using System.Runtime.Intrinsics.X86;
using PaliGguf.Interop;

namespace PaliGguf.Tests.Interop;

/// <summary>What CPUID answers on some processors, and the builds that they run. The registers are as the manufacturers' manuals and public
/// dumps have them.</summary>
public sealed class CpuVariantsTests
{
    private const int Avx2Features = (1 << 3) | (1 << 5) | (1 << 8);
    private const int Avx512Features = Avx2Features | (1 << 16) | (1 << 17) | (1 << 28) | (1 << 30) | (1 << 31);
    private const int Haswell = (1 << 12) | (1 << 27) | (1 << 28) | (1 << 29);
    private const int SandyBridge = (1 << 27) | (1 << 28);

    public static TheoryData<string, int, int, int, string> Processors => new()
    {
        { "Nehalem", 0, 0, 0, "noavx" },
        { "Sandy Bridge: AVX without FMA", SandyBridge, 0, 832, "noavx" },
        { "Piledriver: FMA without BMI2", Haswell, 1 << 3, 832, "noavx" },
        { "Haswell without AVX2, as a virtual machine shows it", Haswell, (1 << 3) | (1 << 8), 832, "avx noavx" },
        { "Haswell", Haswell, Avx2Features, 832, "avx2 avx noavx" },
        { "Haswell under a system that keeps no AVX registers", Haswell, Avx2Features, 576, "noavx" },
        { "Knights Landing: AVX-512 F and CD only", Haswell, Avx2Features | (1 << 16) | (1 << 28), 2688, "avx2 avx noavx" },
        { "Skylake-X", Haswell, Avx512Features, 2696, "avx512 avx2 avx noavx" },
        { "Sapphire Rapids with AMX", Haswell, Avx512Features, 11008, "avx512 avx2 avx noavx" },
        { "Skylake-X under a system that keeps no AVX-512 registers", Haswell, Avx512Features, 832, "avx2 avx noavx" },
    };

    [Theory]
    [MemberData(nameof(Processors))]
    public void A_processor_runs_the_builds_whose_instructions_it_has(string name, int leaf1, int leaf7, int saved, string folders) =>
        Assert.Equal((name, folders), (name, string.Join(' ', CpuVariants.Elsewhere(Cpu(leaf1, leaf7, saved)))));

    [Fact]
    public void On_macOS_only_a_translated_program_has_a_folder_of_its_own()
    {
        Assert.Empty(CpuVariants.OnMacOS(Cpu(Haswell, Avx2Features, 832)));
        Assert.Equal(["rosetta2"], CpuVariants.OnMacOS(Cpu(0, 0, 0)));
    }

    [Fact]
    public void This_machine_is_seen_as_the_runtime_sees_it()
    {
        if (OperatingSystem.IsMacOS() || !X86Base.X64.IsSupported)
        {
            Assert.DoesNotContain("noavx", CpuVariants.BestFirst);
            return;
        }

        Assert.Equal(Avx2.IsSupported && Fma.IsSupported && Bmi2.IsSupported, CpuVariants.BestFirst.Contains("avx2"));
        Assert.Equal(Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512CD.IsSupported, CpuVariants.BestFirst.Contains("avx512"));
        Assert.Equal("noavx", CpuVariants.BestFirst[^1]);
    }

    private static Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> Cpu(int leaf1, int leaf7, int saved) =>
        (leaf, part) => (leaf, part) switch
    {
        (0, _) => (0xD, 0, 0, 0),
        (1, _) => (0, 0, leaf1, 0),
        (7, 0) => (0, leaf7, 0, 0),
        (0xD, 0) => (0, saved, 0, 0),
        (0xD, 7) when (leaf7 & (1 << 16)) != 0 => (1024, 1664, 0, 0),
        _ => (0, 0, 0, 0),
    };
}
