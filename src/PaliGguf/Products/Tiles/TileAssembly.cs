using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace PaliGguf.Products;

/// <summary>What the functions have in common that compute a <see cref="Tile"/> in vectors of 512 bits.</summary>
internal static class TileAssembly
{
    // The x64 convention of Windows keeps these registers' lower halves.
    private const int FirstKept = 6;
    private const int LastKept = 15;
    private const int VectorBytes = 64;
    private const int KeptBytes = 16;

    public static AssemblerRegisterZMM Vector(int number) => new(Register.ZMM0 + number);

    /// <summary>Where a member of the tile is; offsets as the struct has them.</summary>
    public static void LoadMembers(Assembler code)
    {
        if (OperatingSystem.IsWindows())
        {
            code.push(rdi);
            code.push(rsi);
            code.sub(rsp, (LastKept - FirstKept + 1) * KeptBytes);
            for (int number = FirstKept; number <= LastKept; number++)
                code.vmovdqu32(__xmmword_ptr[rsp + ((number - FirstKept) * KeptBytes)], new AssemblerRegisterXMM(Register.XMM0 + number));
            code.mov(rdi, rcx);
        }

        code.mov(rax, __[rdi]);
        code.mov(rdx, __[rdi + 8]);
        code.mov(rcx, __[rdi + 16]);
        code.mov(rsi, __[rdi + 24]);
        code.mov(r8, __[rdi + 32]);
        code.mov(r9, __[rdi + 40]);
        code.mov(r10, __[rdi + 48]);
    }

    /// <summary>Sums go on, or begin at zero; r11 is used up.</summary>
    public static void BeginSums(Assembler code, int rows)
    {
        Label zero = code.CreateLabel(), ready = code.CreateLabel();
        code.mov(r11, __[rdi + 56]);
        code.test(r11d, r11d);
        code.je(zero);
        code.mov(r11, r9);
        for (int row = 0; row < rows; row++)
        {
            code.vmovups(Vector(row), __zmmword_ptr[r11]);
            code.add(r11, r10);
        }

        code.jmp(ready);
        code.Label(ref zero);
        for (int row = 0; row < rows; row++) code.vpxord(Vector(row), Vector(row), Vector(row));
        code.Label(ref ready);
        // A label needs an instruction of its own.
        code.nop();
    }

    /// <summary>Stores the sums and returns.</summary>
    public static void End(Assembler code, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            code.vmovups(__zmmword_ptr[r9], Vector(row));
            code.add(r9, r10);
        }

        code.vzeroupper();
        if (OperatingSystem.IsWindows())
        {
            for (int number = FirstKept; number <= LastKept; number++)
                code.vmovdqu32(new AssemblerRegisterXMM(Register.XMM0 + number), __xmmword_ptr[rsp + ((number - FirstKept) * KeptBytes)]);
            code.add(rsp, (LastKept - FirstKept + 1) * KeptBytes);
            code.pop(rsi);
            code.pop(rdi);
        }

        code.ret();
    }

    /// <summary>
    /// From a group's integers to the sums: as floats times the weights' scale, added to the group's before, and times the row's scale to
    /// the sums. The panel's scales are at rdx, the rows' at r8.
    /// </summary>
    /// <param name="code">Where to.</param>
    /// <param name="shape">What the blocks hold.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="group">The group's number.</param>
    /// <param name="integers">Turns a row's integers into floats in a vector.</param>
    /// <param name="scaled">The vector for a row's scaled floats, which stay between the groups.</param>
    /// <param name="scratch">Two vectors that are free.</param>
    public static void Scale(
        Assembler code, TileShape shape, int rows,
        int group, Action<int, AssemblerRegisterZMM> integers, Func<int, AssemblerRegisterZMM> scaled,
        (AssemblerRegisterZMM Scale, AssemblerRegisterZMM Float) scratch)
    {
        code.vmovups(scratch.Scale, __zmmword_ptr[rdx + (group * VectorBytes)]);
        bool last = group == shape.Groups - 1;
        for (int row = 0; row < rows; row++)
        {
            AssemblerRegisterZMM target = scaled(row);
            if (group == 0)
            {
                integers(row, target);
                code.vmulps(target, target, scratch.Scale);
            }
            else
            {
                integers(row, scratch.Float);
                code.vfmadd231ps(target, scratch.Float, scratch.Scale);
            }

            if (last) code.vfmadd231ps(Vector(row), target, __dword_bcst[r8 + (row * sizeof(float))]);
        }
    }

    /// <summary>Adds the minima times the rows' sums.</summary>
    public static void AddMinima(Assembler code, TileShape shape, int rows, AssemblerRegisterZMM scratch)
    {
        if (!shape.Minima) return;
        for (int group = 0; group < shape.Groups; group++)
        {
            code.vmovups(scratch, __zmmword_ptr[rdx + ((shape.Groups + group) * VectorBytes)]);
            for (int row = 0; row < rows; row++)
            {
                code.vfmadd231ps(Vector(row), scratch,
                    __dword_bcst[r8 + (RowRecord.Sums - RowRecord.Scales + (group * RowRecord.Column) + (row * sizeof(float)))]);
            }
        }
    }
}
