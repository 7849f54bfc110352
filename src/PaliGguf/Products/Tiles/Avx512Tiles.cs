using System.Collections.Concurrent;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace PaliGguf.Products;

/// <summary>
/// Tiles by AVX-512 VNNI, which .NET has no methods for: machine code made at run time. A row's four bytes reach all lanes by the
/// instruction that multiplies them.
/// </summary>
internal sealed unsafe class Avx512Tiles : TileKernel
{
    private const int IntegerRows = RowRecord.Rows / 2;
    private const int VectorBytes = 64;
    private const int Quads = Panel.BlockLength / 4;
    private static readonly AssemblerRegisterZMM Weights = zmm31;
    private static readonly AssemblerRegisterZMM Scratch = zmm30;
    private static readonly ConcurrentDictionary<int, (byte[] Code, int[] Starts)> Assembled = new();
    private readonly EmittedCode?[] _code = new EmittedCode?[TileShape.Forms];

    /// <exception cref="NotSupportedException">The system allows no code made at run time.</exception>
    public Avx512Tiles() => EmittedCode.Of(1, (code, _) => code.ret()).Dispose();

    public override InstructionSet Instructions => InstructionSet.Avx512Vnni;

    public override int RowsAtOnce(TileShape shape) => MostRows(shape);

    public override void Prepare(TileShape shape)
    {
        _code[shape.Form] ??= EmittedCode.Of(Assembled, shape.Form, MostRows(shape), (code, rows) => Write(code, shape, rows));
    }

    public override void Multiply(TileShape shape, int rows, Tile* tile) => _code[shape.Form]!.Call(rows, tile);

    public override void Dispose()
    {
        foreach (EmittedCode? code in _code) code?.Dispose();
        base.Dispose();
    }

    /// <summary>The function for a number of rows.</summary>
    public static void Write(Assembler code, TileShape shape, int rows)
    {
        TileAssembly.LoadMembers(code);
        TileAssembly.BeginSums(code, rows);
        Label loop = code.CreateLabel();
        code.Label(ref loop);
        if (shape.IsFloats) WriteFloats(code, rows);
        else WriteIntegers(code, shape, rows);
        code.add(rax, shape.PanelBytes);
        code.add(rdx, shape.ScaleFloats * sizeof(float));
        code.add(rsi, shape.RecordBytes);
        code.add(r8, shape.RecordBytes);
        code.dec(rcx);
        code.jne(loop);
        TileAssembly.End(code, rows);
    }

    private static int MostRows(TileShape shape) => shape.IsFloats ? RowRecord.Rows : IntegerRows;

    private static void WriteFloats(Assembler code, int rows)
    {
        for (int index = 0; index < Panel.BlockLength; index++)
        {
            code.vmovups(Weights, __zmmword_ptr[rax + (index * VectorBytes)]);
            for (int row = 0; row < rows; row++)
            {
                code.vfmadd231ps(TileAssembly.Vector(row),
                    Weights, __dword_bcst[rsi + ((row * RowRecord.FloatStride) + (index * sizeof(float)))]);
            }
        }
    }

    private static void WriteIntegers(Assembler code, TileShape shape, int rows)
    {
        for (int group = 0; group < shape.Groups; group++)
        {
            for (int row = 0; row < rows; row++)
            {
                code.vpbroadcastd(Integers(row),
                    __dword_ptr[r8 + (RowRecord.Corrections - RowRecord.Scales + (group * RowRecord.Column) + (row * sizeof(int)))]);
            }

            for (int quad = group * Quads / shape.Groups; quad < (group + 1) * Quads / shape.Groups; quad++)
            {
                code.vmovdqu32(Weights, __zmmword_ptr[rax + (quad * VectorBytes)]);
                for (int row = 0; row < rows; row++)
                    code.vpdpbusd(Integers(row), Weights, __dword_bcst[rsi + ((row * RowRecord.ValueStride) + (quad * 4))]);
            }

            TileAssembly.Scale(code, shape, rows, group,
                (row, target) => code.vcvtdq2ps(target, Integers(row)), Scaled, (Weights, Scratch));
        }

        TileAssembly.AddMinima(code, shape, rows, Weights);
    }

    private static AssemblerRegisterZMM Integers(int row) => TileAssembly.Vector(IntegerRows + row);

    private static AssemblerRegisterZMM Scaled(int row) => TileAssembly.Vector((2 * IntegerRows) + row);
}
