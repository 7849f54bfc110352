using System.Runtime.Intrinsics.X86;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>Which instruction set computes the products on this machine.</summary>
internal static class ProductProcessor
{
    /// <summary>Names a lower one.</summary>
    public const string Variable = "PALIGGUF_PROCESSOR";

    /// <summary>
    /// All that this processor has and the system allows, the lowest first. Rows and panels are made by AVX2, whatever multiplies them.
    /// </summary>
    public static IReadOnlyList<InstructionSet> Available { get; } = [.. Find()];

    /// <summary>
    /// Whether the processor has more than what this program was compiled for: ahead of time, without IlcInstructionSet, it is for the
    /// least of x64, and the runtime's IsSupported is a constant.
    /// </summary>
    public static bool IsCompiledForLess => Available.Count == 1 && ProcessorFeatures.Avx2;

    /// <summary>What such a program is to be published with instead.</summary>
    public const string PublishWith = "IlcInstructionSet=x86-64-v3";

    /// <summary>The best of them, or the one that the environment asks for.</summary>
    /// <exception cref="PaliException">What is asked for is unknown, or not there.</exception>
    public static InstructionSet Chosen => Choose(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The one of a name, or the best.</summary>
    public static InstructionSet Choose(string? name)
    {
        if (string.IsNullOrEmpty(name)) return Available[^1];
        foreach (InstructionSet one in Available)
        {
            if (string.Equals(Name(one), name, StringComparison.OrdinalIgnoreCase)) return one;
        }

        string subject = IsCompiledForLess
            ? $"this program was compiled for processors without AVX2 (publish it with {PublishWith}) and" : "this machine";
        throw new PaliException($"{Variable}={name}: {subject} has {string.Join(", ", Available.Select(Name))}.");
    }

    /// <summary>What is in use of what is chosen: a lower one where the system refuses code made at run time.</summary>
    public static InstructionSet Opened
    {
        get
        {
            if (Chosen == InstructionSet.Library) return InstructionSet.Library;
            using TileKernel kernel = TileKernel.Open(Chosen);
            return kernel.Instructions;
        }
    }

    /// <summary>As the variable names it.</summary>
    public static string Name(InstructionSet instructions) => instructions.ToString().ToLowerInvariant();

    private static IEnumerable<InstructionSet> Find()
    {
        yield return InstructionSet.Library;
        if (!Avx2.IsSupported || !Fma.IsSupported) yield break;
        yield return InstructionSet.Avx2;
        if (AvxVnni.IsSupported) yield return InstructionSet.AvxVnni;
        if (!ProcessorFeatures.Avx512Vnni) yield break;
        yield return InstructionSet.Avx512Vnni;
        if (ProcessorFeatures.AmxInt8 && AmxPermission.Granted) yield return InstructionSet.Amx;
    }
}
