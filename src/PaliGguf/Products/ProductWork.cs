using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>
/// What the threads share that compute the products of a graph, one product at a time: the inner loops, the rows as they take them,
/// memory for each thread, and how far they have come.
/// Threads take the next part when they are done with one, so that none waits for a share that another has not begun.
/// </summary>
internal sealed unsafe class ProductWork : Crew.IParts, IDisposable
{
    private const nuint Alignment = 64;
    private readonly Progress* _progress;
    private readonly Crew _crew;
    private GCHandle<ProductWork> _self;
    private byte* _rows;
    private byte* _panels;
    private nint _rowBytes;
    private nint _panelBytes;
    private int _threads;
    private ggml_tensor* _operation;
    private delegate*<ggml_tensor*, int, int, ProductWork, void> _body;

    /// <param name="threads">The most threads that take part.</param>
    /// <param name="instructions">By what products are computed; by default what is chosen for this processor. With <see
    /// cref="InstructionSet.Library"/> there are none.</param>
    /// <param name="spin">Whether threads may wait for each other by spinning.</param>
    public ProductWork(int threads, InstructionSet? instructions = null, bool spin = true)
    {
        _crew = new Crew(spin);
        InstructionSet set = instructions ?? ProductProcessor.Chosen;
        _threads = threads;
        Kernel = set == InstructionSet.Library ? null : TileKernel.Open(set);
        _self = new GCHandle<ProductWork>(this);
        _progress = (Progress*)NativeMemory.AlignedAlloc((nuint)sizeof(Progress), Alignment);
        *_progress = default;
    }

    /// <summary>For the operation's user data, valid until this is disposed.</summary>
    public void* Pointer => (void*)GCHandle<ProductWork>.ToIntPtr(_self);

    /// <summary>The inner loops; null where there are none.</summary>
    public TileKernel? Kernel { get; }

    /// <summary>The bytes of its memory.</summary>
    public long Bytes => _rowBytes + (_threads * _panelBytes);

    /// <summary>How far a product is.</summary>
    public ref Progress State => ref *_progress;

    /// <summary>The threads that compute an operation of a graph which the library computes on one.</summary>
    public int SharedBy { get; set; } = 1;

    /// <summary>The rows' records.</summary>
    public byte* Rows => _rows;

    /// <summary>Tells of an instruction set that could not be used.</summary>
    public void TellOf(ILogger logger)
    {
        if (Kernel is { } kernel && kernel.Instructions < ProductProcessor.Chosen)
        {
            logger.LogInformation(
                "The system allows no code made at run time: products are computed by {Used} instead of {Chosen}.",
                ProductProcessor.Name(kernel.Instructions), ProductProcessor.Name(ProductProcessor.Chosen));
        }
    }

    public static ProductWork From(void* pointer) => GCHandle<ProductWork>.FromIntPtr((nint)pointer).Target;

    /// <summary>What products of rows take.</summary>
    public static long BytesFor(TileShape shape, long rowLength, long rows, int threads) =>
        RowGroups.BytesFor(shape, rowLength, rows) + (threads * Panel.Bytes(shape, (nint)rowLength));

    /// <summary>A thread's own memory.</summary>
    public byte* PanelOf(int thread) => _panels + (thread * _panelBytes);

    /// <summary>Provides for products of so many rows of a length with weights of a type. Not while something is computed.</summary>
    public void Reserve(WeightFormat format, long rowLength, long rows)
    {
        nint bytes = checked((nint)RowGroups.BytesFor(format.Shape, rowLength, rows));
        if (bytes > _rowBytes)
        {
            Grow(ref _rows, bytes);
            // What is there of rows that do not exist is multiplied too, with nobody to see it: but quickly.
            NativeMemory.Clear(_rows, (nuint)bytes);
            _rowBytes = bytes;
        }

        ReservePanels(Panel.Bytes(format.Shape, (nint)rowLength));
        Kernel?.Prepare(format.Shape);
    }

    /// <summary>Provides so many bytes for each thread. Not while something is computed.</summary>
    public void ReservePanels(nint bytes)
    {
        if (bytes <= _panelBytes) return;
        nint panel = (bytes + (nint)Alignment - 1) / (nint)Alignment * (nint)Alignment;
        Grow(ref _panels, _threads * panel);
        _panelBytes = panel;
    }

    /// <summary>Provides for more threads. Not while something is computed.</summary>
    public void ReserveThreads(int threads)
    {
        if (threads <= _threads) return;
        Grow(ref _panels, threads * _panelBytes);
        _threads = threads;
    }

    public void Dispose()
    {
        if (!_self.IsAllocated) return;
        _crew.Dispose();
        _self.Dispose();
        Kernel?.Dispose();
        NativeMemory.AlignedFree(_rows);
        NativeMemory.AlignedFree(_panels);
        NativeMemory.AlignedFree(_progress);
    }

    /// <summary>Computes an operation on as many threads as <see cref="SharedBy"/> says.</summary>
    public void Share(ggml_tensor* operation, delegate*<ggml_tensor*, int, int, ProductWork, void> body)
    {
        if (SharedBy == 1)
        {
            body(operation, 0, 1, this);
            return;
        }

        _operation = operation;
        _body = body;
        _crew.Run(this, SharedBy);
    }

    void Crew.IParts.Compute(int part, int parts) => _body(_operation, part, parts, this);

    private static void Grow(ref byte* memory, nint bytes)
    {
        // What is there stays if there is no memory: nodes that were taken before need it.
        byte* larger = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        NativeMemory.AlignedFree(memory);
        memory = larger;
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
