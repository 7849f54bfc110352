using System.Runtime.InteropServices;
using PaliGguf.Interop;

namespace PaliGguf.Language;

/// <summary>The arrays that a llama_batch points to, in memory that does not move.</summary>
internal sealed unsafe class BatchBuffer : IDisposable
{
    private readonly int _capacity;
    private readonly int* _tokens;
    private readonly int* _positions;
    private readonly int* _sequenceCounts;
    private readonly int* _sequences;
    private readonly int** _sequencePointers;
    private readonly sbyte* _outputs;
    private bool _disposed;

    public BatchBuffer(int capacity)
    {
        _capacity = capacity;
        _tokens = (int*)NativeMemory.Alloc((nuint)capacity, sizeof(int));
        _positions = (int*)NativeMemory.Alloc((nuint)capacity, sizeof(int));
        _sequenceCounts = (int*)NativeMemory.Alloc((nuint)capacity, sizeof(int));
        _sequences = (int*)NativeMemory.Alloc((nuint)capacity, sizeof(int));
        _sequencePointers = (int**)NativeMemory.Alloc((nuint)capacity, (nuint)sizeof(int*));
        _outputs = (sbyte*)NativeMemory.Alloc((nuint)capacity, sizeof(sbyte));
        for (int row = 0; row < capacity; row++)
        {
            _sequenceCounts[row] = 1;
            _sequencePointers[row] = _sequences + row;
        }
    }

    /// <summary>A batch of embedding rows of one sequence, from position 0 on, with an output for the last row.</summary>
    public llama_batch Rows(float* rows, int count, int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _capacity);
        for (int row = 0; row < count; row++) Place(row, row, sequence, output: row == count - 1);
        return Batch(count) with { embd = rows };
    }

    /// <summary>A batch of one token per sequence, each with an output.</summary>
    public llama_batch Tokens(ReadOnlySpan<SequenceToken> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens.Length, _capacity);
        for (int row = 0; row < tokens.Length; row++)
        {
            _tokens[row] = tokens[row].Token;
            Place(row, tokens[row].Position, tokens[row].Sequence, output: true);
        }

        return Batch(tokens.Length) with { token = _tokens };
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        NativeMemory.Free(_tokens);
        NativeMemory.Free(_positions);
        NativeMemory.Free(_sequenceCounts);
        NativeMemory.Free(_sequences);
        NativeMemory.Free(_sequencePointers);
        NativeMemory.Free(_outputs);
    }

    private void Place(int row, int position, int sequence, bool output)
    {
        _positions[row] = position;
        _sequences[row] = sequence;
        _outputs[row] = (sbyte)(output ? 1 : 0);
    }

    private llama_batch Batch(int count) => new()
    {
        n_tokens = count,
        pos = _positions,
        n_seq_id = _sequenceCounts,
        seq_id = _sequencePointers,
        logits = _outputs,
    };
}

/// <summary>The next token of a running sequence.</summary>
internal readonly record struct SequenceToken(int Token, int Position, int Sequence);
