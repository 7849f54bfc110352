using System.Runtime.InteropServices;

namespace PaliGguf.Products;

/// <summary>
/// What the threads share that compute the products of a graph, one product at a time: the quantized rows, a panel for each, and how far they have come.
/// Threads take the next part when they are done with one, so that none waits for a share that another has not begun.
/// </summary>
internal sealed unsafe class ProductWork : IDisposable
{
    private const nuint Alignment = 64;
    private State* _state;
    private nint _values;
    private nint _blocks;
    private nint _panel;

    /// <param name="threads">The most threads that take part.</param>
    public ProductWork(int threads)
    {
        _state = (State*)NativeMemory.AllocZeroed((nuint)sizeof(State));
        _state->Threads = threads;
    }

    /// <summary>For the operation's user data, valid until this is disposed.</summary>
    public State* Pointer => _state;

    /// <summary>The bytes of its memory.</summary>
    public long Bytes => _values + (_blocks * (sizeof(float) + sizeof(int))) + (_state->Threads * _panel);

    /// <summary>What products of rows take.</summary>
    public static long BytesFor(long rowLength, long rows, int threads) => (rowLength * rows) + (rowLength / IWeightBlock.Length * rows * (sizeof(float) + sizeof(int))) + (threads * Panel.Bytes((nint)rowLength));

    /// <summary>Provides for products of so many rows of a length. Not while something is computed.</summary>
    public void Reserve(long rowLength, long rows)
    {
        nint values = checked((nint)(rowLength * rows));
        if (values > _values)
        {
            Grow(ref _state->Rows.Values, values);
            _values = values;
        }

        nint blocks = values / IWeightBlock.Length;
        if (blocks > _blocks)
        {
            Grow(ref _state->Rows.Scales, blocks);
            Grow(ref _state->Rows.Corrections, blocks);
            _blocks = blocks;
        }

        ReservePanels(Panel.Bytes((nint)rowLength));
    }

    /// <summary>Provides so many bytes for each thread. Not while something is computed.</summary>
    public void ReservePanels(nint bytes)
    {
        if (bytes <= _panel) return;
        nint panel = (bytes + (nint)Alignment - 1) / (nint)Alignment * (nint)Alignment;
        Grow(ref _state->Panels, _state->Threads * panel);
        _state->PanelBytes = _panel = panel;
    }

    /// <summary>Provides for more threads. Not while something is computed.</summary>
    public void ReserveThreads(int threads)
    {
        if (threads <= _state->Threads) return;
        Grow(ref _state->Panels, threads * _panel);
        _state->Threads = threads;
    }

    public void Dispose()
    {
        if (_state is null) return;
        NativeMemory.AlignedFree(_state->Rows.Values);
        NativeMemory.AlignedFree(_state->Rows.Scales);
        NativeMemory.AlignedFree(_state->Rows.Corrections);
        NativeMemory.AlignedFree(_state->Panels);
        NativeMemory.Free(_state);
        _state = null;
    }

    private static void Grow<T>(ref T* memory, nint count)
        where T : unmanaged
    {
        // What is there stays if there is no memory: nodes that were taken before need it.
        T* larger = (T*)NativeMemory.AlignedAlloc((nuint)count * (nuint)sizeof(T), Alignment);
        NativeMemory.AlignedFree(memory);
        memory = larger;
    }

    /// <summary>What the threads see of it.</summary>
    internal struct State
    {
        public QuantizedRows Rows;
        public byte* Panels;
        public nint PanelBytes;
        public int Threads;
        public Progress Progress;
    }

    /// <summary>How far a product is; all zero before and after.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 4 * 64)]
    internal struct Progress
    {
        [FieldOffset(0)]
        public int RowsTaken;

        [FieldOffset(64)]
        public int RowsReady;

        [FieldOffset(128)]
        public int PanelsTaken;

        [FieldOffset(192)]
        public int ThreadsDone;
    }
}
