using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>
/// How many bytes the library needs for the intermediate results of a graph. The steps are recorded in the graph's order and then laid out as ggml's graph allocator
/// does it (ggml-alloc.c): inputs first; each result in the smallest hole that it fits, else at the end; an operation that may work in place takes the memory of an
/// operand that nobody else needs any more; memory is free again after its last use.
/// </summary>
internal sealed class GraphAllocation
{
    /// <summary>The CPU's alignment of tensors, in bytes. Others differ by a few kilobytes in all.</summary>
    public const int Alignment = 32;

    private readonly List<Step> _steps = [];
    private readonly List<int> _operands = [];
    private readonly List<long> _sizes = [];
    private readonly List<int> _uses = [];

    /// <summary>A tensor that is filled before the graph runs. One that no step uses is never free.</summary>
    public int Input(long bytes)
    {
        int input = Tensor(bytes);
        _steps.Add(new Step(input, InPlace: false, _operands.Count, 0));
        return input;
    }

    /// <summary>An operation with memory of its own for its result.</summary>
    public int Result(long bytes, params ReadOnlySpan<int> operands) => Add(Tensor(bytes), inPlace: false, operands);

    /// <summary>An element-wise operation, whose result may overwrite the first operand of the same size that has no later use.</summary>
    public int InPlace(params ReadOnlySpan<int> operands) => Add(Tensor(_sizes[operands[0]]), inPlace: true, operands);

    /// <summary>An operation whose result lies elsewhere: in the KV cache.</summary>
    public void Use(params ReadOnlySpan<int> operands) => Add(-1, inPlace: false, operands);

    /// <summary>The inputs alone.</summary>
    public long InputBytes => _steps.Where(step => step.Count == 0).Sum(step => _sizes[step.Result]);

    /// <summary>Keeps a result to the end.</summary>
    public void Keep(int tensor) => _uses[tensor]++;

    /// <summary>The size of the memory that all steps together need.</summary>
    public long Bytes()
    {
        FreeBlocks memory = new();
        long[] offsets = new long[_sizes.Count];
        int[] remaining = [.. _uses];
        foreach (Step step in _steps)
        {
            if (step.Count == 0) offsets[step.Result] = memory.Take(_sizes[step.Result]);
        }

        foreach (Step step in _steps)
        {
            ReadOnlySpan<int> operands = CollectionsMarshal.AsSpan(_operands).Slice(step.First, step.Count);
            if (step.Count > 0 && step.Result >= 0) Place(step, operands, offsets, remaining, memory);
            foreach (int operand in operands)
            {
                if (--remaining[operand] == 0) memory.Return(offsets[operand], _sizes[operand]);
            }
        }

        return memory.End;
    }

    private void Place(Step step, ReadOnlySpan<int> operands, long[] offsets, int[] remaining, FreeBlocks memory)
    {
        foreach (int operand in operands)
        {
            if (!step.InPlace || remaining[operand] != 1 || _sizes[operand] != _sizes[step.Result]) continue;
            offsets[step.Result] = offsets[operand];
            // One use more than there will be: the memory is the result's now.
            remaining[operand]++;
            return;
        }

        offsets[step.Result] = memory.Take(_sizes[step.Result]);
    }

    private int Tensor(long bytes)
    {
        _sizes.Add(checked(bytes + Alignment - 1) / Alignment * Alignment);
        _uses.Add(0);
        return _sizes.Count - 1;
    }

    private int Add(int result, bool inPlace, ReadOnlySpan<int> operands)
    {
        _steps.Add(new Step(result, inPlace, _operands.Count, operands.Length));
        _operands.AddRange(operands);
        foreach (int operand in operands) _uses[operand]++;
        return result;
    }

    private readonly record struct Step(int Result, bool InPlace, int First, int Count);

    /// <summary>The holes of a memory that has no end, by their offsets.</summary>
    private sealed class FreeBlocks
    {
        private readonly List<(long Offset, long Size)> _holes = [];

        /// <summary>How far the memory was ever used.</summary>
        public long End { get; private set; }

        // What lies behind everything in use: the allocator's last block.
        private long _rest;

        public long Take(long size)
        {
            int best = -1;
            for (int hole = 0; hole < _holes.Count; hole++)
            {
                if (_holes[hole].Size >= size && (best < 0 || _holes[hole].Size <= _holes[best].Size)) best = hole;
            }

            if (best < 0)
            {
                long end = _rest;
                _rest += size;
                End = Math.Max(End, _rest);
                return end;
            }

            (long offset, long left) = _holes[best];
            if (left == size) _holes.RemoveAt(best);
            else _holes[best] = (offset + size, left - size);
            return offset;
        }

        public void Return(long offset, long size)
        {
            int next = 0;
            while (next < _holes.Count && _holes[next].Offset < offset) next++;
            if (next < _holes.Count && offset + size == _holes[next].Offset)
            {
                size += _holes[next].Size;
                _holes.RemoveAt(next);
            }

            if (next > 0 && _holes[next - 1].Offset + _holes[next - 1].Size == offset)
            {
                next--;
                (offset, size) = (_holes[next].Offset, _holes[next].Size + size);
                _holes.RemoveAt(next);
            }

            if (offset + size == _rest) _rest = offset;
            else _holes.Insert(next, (offset, size));
        }
    }
}
