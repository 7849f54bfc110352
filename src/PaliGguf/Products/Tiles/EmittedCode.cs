using System.Collections.Concurrent;
using Iced.Intel;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>Functions of one tile each, one for each number of rows.</summary>
internal sealed unsafe class EmittedCode : IDisposable
{
    private const int Alignment = 64;
    private readonly ExecutableMemory _memory;
    private readonly int[] _starts;

    private EmittedCode(ExecutableMemory memory, int[] starts) => (_memory, _starts) = (memory, starts);

    /// <summary>Assembles functions.</summary>
    /// <param name="count">How many.</param>
    /// <param name="write">Writes one, by its number from 1 on.</param>
    /// <exception cref="NotSupportedException">The system allows no code made at run time.</exception>
    public static EmittedCode Of(int count, Action<Assembler, int> write)
    {
        byte[] code = Assemble(count, write, out int[] starts);
        return new EmittedCode(new ExecutableMemory(code), starts);
    }

    /// <summary>Maps functions that are assembled once in a process, since that takes longer than anything else of a small model.</summary>
    /// <param name="known">Those that are.</param>
    /// <param name="key">Their number among them.</param>
    /// <param name="count">How many.</param>
    /// <param name="write">Writes one, by its number from 1 on.</param>
    /// <exception cref="NotSupportedException">The system allows no code made at run time.</exception>
    public static EmittedCode Of(
        ConcurrentDictionary<int, (byte[] Code, int[] Starts)> known, int key, int count, Action<Assembler, int> write)
    {
        (byte[] code, int[] starts) = known.GetOrAdd(key, _ => (Assemble(count, write, out int[] starts), starts));
        return new EmittedCode(new ExecutableMemory(code), starts);
    }

    /// <summary>The code of functions.</summary>
    public static byte[] Assemble(int count, Action<Assembler, int> write, out int[] starts)
    {
        using MemoryStream code = new();
        starts = new int[count];
        for (int index = 0; index < count; index++)
        {
            while (code.Length % Alignment != 0) code.WriteByte(0xCC);
            starts[index] = (int)code.Length;
            // Where there are two forms of an instruction, the shorter one has neither masks nor registers from 16 on.
            Assembler assembler = new(64) { PreferVex = false };
            write(assembler, index + 1);
            assembler.Assemble(new StreamCodeWriter(code), 0);
        }

        return code.ToArray();
    }

    /// <summary>Calls one.</summary>
    public void Call(int number, void* argument) => ((delegate* unmanaged<void*, void>)(_memory.Start + _starts[number - 1]))(argument);

    public void Dispose() => _memory.Dispose();
}
