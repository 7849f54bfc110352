using Iced.Intel;
using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

public sealed class EmittedCodeTests
{
    private static readonly CpuidFeature[] Avx512Vnni =
    [
        CpuidFeature.AVX, CpuidFeature.AVX512F, CpuidFeature.AVX512BW,
        CpuidFeature.AVX512DQ, CpuidFeature.AVX512VL, CpuidFeature.AVX512_VNNI,
        CpuidFeature.INTEL8086, CpuidFeature.INTEL186, CpuidFeature.INTEL386, CpuidFeature.X64, CpuidFeature.MULTIBYTENOP,
    ];

    private static readonly CpuidFeature[] Amx = [.. Avx512Vnni, CpuidFeature.SSE, CpuidFeature.AMX_TILE, CpuidFeature.AMX_INT8];

    /// <summary>All shapes that there are, as their place among them.</summary>
    private static readonly TileShape[] Shapes =
        [.. WeightFormat.Types.Select(type => WeightFormat.Of(type)!.Shape with { Bits = 0 }).Distinct()];

    public static TheoryData<int> EachShape() => [.. Enumerable.Range(0, Shapes.Length)];

    [Theory]
    [MemberData(nameof(EachShape))]
    public void Vectors_need_nothing_but_what_the_processor_is_asked_for(int shape)
    {
        foreach (Instruction instruction in Decoded((code, rows) => Avx512Tiles.Write(code, Shapes[shape], rows), count: 8))
            AssertNeeds(Avx512Vnni, instruction);
    }

    [Theory]
    [MemberData(nameof(EachShape))]
    public void Tiles_need_nothing_but_what_the_processor_is_asked_for(int shape)
    {
        if (Shapes[shape].Groups != 1) return;
        Instruction[] code = Decoded((code, rows) => AmxTiles.Write(code, Shapes[shape], rows), count: 16);
        foreach (Instruction instruction in code) AssertNeeds(Amx, instruction);
        Assert.Contains(code, instruction => instruction.Mnemonic == Mnemonic.Tdpbssd);
    }

    [Fact]
    public void The_products_are_of_whole_vectors_and_by_VNNI()
    {
        Instruction[] products =
            [.. Decoded((code, rows) => Avx512Tiles.Write(code, Shapes[0], rows), count: 8)
                .Where(instruction => instruction.Mnemonic == Mnemonic.Vpdpbusd)];

        // Of 32 values four at a time, for 1 to 8 rows.
        Assert.Equal(8 * (1 + 2 + 3 + 4 + 5 + 6 + 7 + 8), products.Length);
        Assert.All(products, product => Assert.Equal(Code.EVEX_Vpdpbusd_zmm_k1z_zmm_zmmm512b32, product.Code));
        Assert.All(products, product => Assert.True(product.IsBroadcast));
    }

    [Fact]
    public void What_a_function_pushes_it_pops()
    {
        foreach (TileShape shape in Shapes.Where(shape => shape.Groups == 1))
        {
            Instruction[] code = Decoded((code, rows) => AmxTiles.Write(code, shape, rows), count: 16);
            Assert.Equal(code.Count(instruction => instruction.Mnemonic == Mnemonic.Push),
                code.Count(instruction => instruction.Mnemonic == Mnemonic.Pop));
            Assert.Equal(16, code.Count(instruction => instruction.Mnemonic == Mnemonic.Ret));
        }
    }

    private static void AssertNeeds(CpuidFeature[] allowed, Instruction instruction) =>
        Assert.True(instruction.Code.CpuidFeatures().All(allowed.Contains),
            $"{instruction} needs {string.Join(", ", instruction.Code.CpuidFeatures())}");

    private static Instruction[] Decoded(Action<Assembler, int> write, int count)
    {
        byte[] code = EmittedCode.Assemble(count, write, out int[] starts);
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(code));
        List<Instruction> all = [];
        while (decoder.IP < (ulong)code.Length)
        {
            Instruction next = decoder.Decode();
            Assert.False(next.IsInvalid);
            // What fills the space between functions.
            if (next.Mnemonic != Mnemonic.Int3) all.Add(next);
        }

        Assert.Equal(count, starts.Length);
        Assert.All(starts, start => Assert.Equal(0, start % 64));
        return [.. all];
    }
}
