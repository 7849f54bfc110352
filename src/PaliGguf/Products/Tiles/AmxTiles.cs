using System.Collections.Concurrent;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace PaliGguf.Products;

/// <summary>
/// Tiles by AMX: 16 rows of bytes times the bytes of a panel's block, which lie as the instruction takes them, all signed. The integers
/// go through memory to the vectors that scale them. Few rows, floats, and types
/// with two scales in a block, of which tiles would be half empty, are computed by AVX-512, to the same bits.
/// </summary>
internal sealed unsafe class AmxTiles : TileKernel
{
    private const int FewRows = 16;
    private const int Configure = 1;
    private const int SaveConfiguration = 2;
    private const int Ahead = 2;
    private const int CacheLine = 64;
    private const int Tiles = 8;
    private const int FirstValues = 4;
    private const int FirstWeights = 6;
    private const int SpareVectors = 8;
    private const int VectorBytes = 64;

    // What the tiles leave of a block; there is room for two.
    private const int IntegerBytes = RowRecord.Rows * VectorBytes;
    private static readonly AssemblerRegisterZMM Scratch = zmm30;
    private static readonly AssemblerRegisterZMM Scales = zmm31;
    private static readonly ConcurrentDictionary<int, (byte[] Code, int[] Starts)> Assembled = new();
    private readonly Avx512Tiles _vectors = new();
    private readonly EmittedCode?[] _code = new EmittedCode?[TileShape.Forms];
    private readonly EmittedCode _configure;

    /// <exception cref="NotSupportedException">The system allows no code made at run time.</exception>
    public AmxTiles() => _configure = EmittedCode.Of(2, WriteConfiguration);

    public override InstructionSet Instructions => InstructionSet.Amx;

    public override bool TakesSigned(WeightFormat format) => true;

    public override int RowsAtOnce(TileShape shape) => RowRecord.Rows;

    public override TileKernel For(TileShape shape, nint rows) => rows <= FewRows || shape.Groups != 1 ? _vectors : this;

    public override void Prepare(TileShape shape)
    {
        _vectors.Prepare(shape);
        if (shape.Groups != 1) return;
        _code[shape.Form] ??= EmittedCode.Of(Assembled, shape.Form, RowRecord.Rows, (code, rows) => Write(code, shape, rows));
    }

    public override void Begin(byte* before)
    {
        // Intel's manual, volume 1, 18.3: palette 1; from byte 16 on the bytes of each tile's rows, from 48 on their number.
        byte* configuration = stackalloc byte[StateBytes];
        new Span<byte>(configuration, StateBytes).Clear();
        configuration[0] = 1;
        for (int tile = 0; tile < Tiles; tile++)
        {
            ((ushort*)(configuration + 16))[tile] = (ushort)(tile is FirstValues or FirstValues + 1 ? Panel.BlockLength : VectorBytes);
            configuration[48 + tile] = (byte)(tile < FirstWeights ? RowRecord.Rows : Panel.BlockLength / 4);
        }

        _configure.Call(SaveConfiguration, before);
        _configure.Call(Configure, configuration);
    }

    public override void End(byte* before) => _configure.Call(Configure, before);

    public override void Multiply(TileShape shape, int rows, Tile* tile) => _code[shape.Form]!.Call(rows, tile);

    public override void Dispose()
    {
        foreach (EmittedCode? code in _code) code?.Dispose();
        _configure.Dispose();
        _vectors.Dispose();
        base.Dispose();
    }

    /// <summary>The function for a number of rows; all 16 are multiplied.</summary>
    public static void Write(Assembler code, TileShape shape, int rows)
    {
        TileAssembly.LoadMembers(code);
        TileAssembly.BeginSums(code, rows);
        code.mov(r11, __[rdi + 64]);
        code.push(r10);
        code.mov(edi, VectorBytes);
        code.mov(r10d, RowRecord.ValueStride);
        // Tiles take long: so they multiply a block while the vectors scale the one before, and every other block has tiles of its own.
        Label loop = code.CreateLabel(), last = code.CreateLabel();
        WriteProducts(code, odd: 0);
        code.dec(rcx);
        code.je(last);
        code.Label(ref loop);
        for (int odd = 1; odd >= 0; odd--)
        {
            code.add(rax, shape.PanelBytes);
            code.add(rsi, shape.RecordBytes);
            code.xor(r11, IntegerBytes);
            WriteProducts(code, odd);
            // Rows come from the second cache, which tiles wait for longer than vectors do.
            for (int line = 0; line < RowRecord.Corrections; line += CacheLine)
            {
                code.prefetcht0(__byte_ptr[rsi + ((Ahead * shape.RecordBytes) + line)]);
            }

            code.xor(r11, IntegerBytes);
            WriteEnds(code, shape, rows);
            code.xor(r11, IntegerBytes);
            code.add(rdx, shape.ScaleFloats * sizeof(float));
            code.add(r8, shape.RecordBytes);
            code.dec(rcx);
            if (odd == 1) code.je(last);
            else code.jne(loop);
        }

        code.Label(ref last);
        WriteEnds(code, shape, rows);
        code.pop(r10);
        TileAssembly.End(code, rows);
    }

    private static void WriteProducts(Assembler code, int odd)
    {
        AssemblerRegisterTMM sums = Tile(odd), values = Tile(FirstValues + odd), weights = Tile(FirstWeights + odd);
        code.tilezero(sums);
        code.tileloadd(values, __[rsi + r10]);
        code.tileloadd(weights, __[rax + rdi]);
        code.tdpbssd(sums, values, weights);
        code.tilestored(__[r11 + rdi], sums);
    }

    private static void WriteEnds(Assembler code, TileShape shape, int rows)
    {
        TileAssembly.Scale(
            code, shape, rows, group: 0, (row, target) => code.vcvtdq2ps(target, __zmmword_ptr[r11 + (row * VectorBytes)]),
            row => TileAssembly.Vector(RowRecord.Rows + (row % SpareVectors)), (Scales, Scratch));
        TileAssembly.AddMinima(code, shape, rows, Scales);
    }

    /// <summary>To configure the tiles as the argument says, and to write there how they are.</summary>
    public static void WriteConfiguration(Assembler code, int number)
    {
        AssemblerMemoryOperand argument = OperatingSystem.IsWindows() ? __zmmword_ptr[rcx] : __zmmword_ptr[rdi];
        if (number == Configure) code.ldtilecfg(argument);
        else code.sttilecfg(argument);
        code.ret();
    }

    private static AssemblerRegisterTMM Tile(int number) => new(Register.TMM0 + number);
}
