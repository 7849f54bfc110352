using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>
/// The decoder's attention over a KV cache of 16-bit floats, as an operation of a graph on the CPU. A query meets the cells that it sees in pieces, with the softmax carried on from one to the next (Milakov
/// and Gimelshein, arXiv 1805.02867); soft cap and exponential are computed in vectors, where the library calls a function for each score. The cache of a batch holds the cells of all its sequences: what is
/// masked is passed over.
/// </summary>
internal static unsafe class CacheAttention
{
    // In the operation's parameters behind the library's ggml_custom_op_params.
    private const int ScaleParameter = 6;
    private const int CapParameter = 7;
    private const int OrderParameter = 8;

    /// <summary>What a cell's mask is that is not seen: minus infinity.</summary>
    public const ushort Masked = 0xFC00;

    // A 16-bit float's bits, shifted to their places in a 32-bit one, make 2^-112 of it: the exponents' biases are 15 and 127.
    public const float HalfUnit = 5.192296858534828e33f;

    // From here on tiles of queries, ours or the library's (ggml_fa_tile_config in ggml-cpu), read each key once.
    private const int ManyRows = 64;

    private const int PieceCells = 32;
    private const int Ahead = 4;
    private const int CacheLine = 64;
    private const int LongestHead = 1024;
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    /// <summary>Takes over the library's flash attention, if it is of the kind that there is code for.</summary>
    /// <param name="node">A node that is GGML_OP_FLASH_ATTN_EXT, in a graph that is about to be computed.</param>
    /// <param name="work">What the threads share.</param>
    /// <param name="order">In which order cells were written; null for the order in which they lie.</param>
    public static void TryReplace(ggml_tensor* node, ProductWork work, CellOrder? order = null)
    {
        ggml_tensor* q = node->Source(0), k = node->Source(1), v = node->Source(2), mask = node->Source(3);
        bool many = q->ne[1] >= ManyRows;
        bool taken = (!many || AttentionTile.IsSupported)
            && q->type == GgmlType.F32 && q->nb[0] == sizeof(float) && IsCache(k) && IsCache(v) && q->ne[3] == 1 && v->ne[0] == q->ne[0]
            && q->ne[0] % 16 == 0 && q->ne[0] <= LongestHead && q->ne[2] % k->ne[2] == 0 && k->ne[2] == v->ne[2]
            && (mask is null || (mask->type == GgmlType.F16 && mask->ne[2] * mask->ne[3] == 1 && mask->nb[0] == sizeof(ushort)))
            && node->Source(4) is null && node->op_params[1] == 0;
        if (!taken) return;
        // Their numbers, and when each was written.
        nint cells = ((nint)k->ne[1] * (sizeof(int) + sizeof(long))) + sizeof(long);
        work.ReservePanels(many ? PrefixAttention.Bytes((int)q->ne[0]) + cells : cells);
        (int scale, int cap) = (node->op_params[0], node->op_params[2]);
        CustomOperation.Replace(node, many ? PrefixAttention.Body : &Compute, work);
        node->op_params[ScaleParameter] = scale;
        node->op_params[CapParameter] = cap;
        *(long**)((int*)&node->op_params + OrderParameter) = order is null ? null : order.Of(k);
    }

    /// <summary>The factor of scores.</summary>
    public static float ScaleOf(ggml_tensor* result) => BitConverter.Int32BitsToSingle(result->op_params[ScaleParameter]);

    /// <summary>Their soft cap; 0 for none.</summary>
    public static float CapOf(ggml_tensor* result) => BitConverter.Int32BitsToSingle(result->op_params[CapParameter]);

    /// <summary>The cells that a row sees, in the order in which they were written.</summary>
    /// <param name="result">The operation.</param>
    /// <param name="row">The row.</param>
    /// <param name="seen">Room for all cells, and behind it for when they were written.</param>
    /// <returns>How many it sees.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Gather(ggml_tensor* result, long row, int* seen)
    {
        ggml_tensor* mask = result->Source(3);
        int cells = (int)result->Source(1)->ne[1], count = 0;
        long* written = *(long**)((int*)&result->op_params + OrderParameter);
        ushort* hidden = mask is null ? null : (ushort*)((byte*)mask->data + ((nuint)row * mask->nb[1]));
        bool ordered = true;
        long last = 0;
        for (int cell = 0; cell < cells; cell++)
        {
            if (hidden is not null)
            {
                if (cell + Vector256<ushort>.Count <= cells
                    && Vector256.EqualsAll(Vector256.Load(hidden + cell), Vector256.Create(Masked)))
                {
                    cell += Vector256<ushort>.Count - 1;
                    continue;
                }

                if (hidden[cell] == Masked) continue;
            }

            seen[count++] = cell;
            if (written is null) continue;
            ordered &= written[cell] >= last;
            last = written[cell];
        }

        if (ordered) return count;
        long* times = (long*)(((nint)(seen + count) + sizeof(long) - 1) & -sizeof(long));
        for (int index = 0; index < count; index++) times[index] = written[seen[index]];
        new Span<long>(times, count).Sort(new Span<int>(seen, count));
        return count;
    }

    /// <summary>Computes a row's queries that see the keys of a head.</summary>
    /// <param name="result">The operation.</param>
    /// <param name="row">The row.</param>
    /// <param name="head">The head of the keys.</param>
    /// <param name="seen">Room for all cells.</param>
    [SkipLocalsInit]
    public static void ComputeRow(ggml_tensor* result, long row, long head, int* seen)
    {
        ggml_tensor* q = result->Source(0), k = result->Source(1), v = result->Source(2), mask = result->Source(3);
        long heads = q->ne[2], shared = heads / k->ne[2];
        Piece piece = default;
        float* queries = stackalloc float[2 * LongestHead];
        float* sums = stackalloc float[2 * LongestHead];
        Query query = new()
        {
            Length = (int)q->ne[0],
            Cells = Gather(result, row, seen),
            Seen = seen,
            Keys = (byte*)k->data + ((nuint)head * k->nb[2]),
            Values = (byte*)v->data + ((nuint)head * v->nb[2]),
            KeyStride = k->nb[1],
            ValueStride = v->nb[1],
            Mask = mask is null ? null : (ushort*)((byte*)mask->data + ((nuint)row * mask->nb[1])),
            Scale = ScaleOf(result),
            Cap = CapOf(result),
            Queries = queries,
            Sums = sums,
        };
        for (long next = 0; next < shared; next += 2)
        {
            long first = (head * shared) + next;
            byte* source = (byte*)q->data + ((nuint)row * q->nb[1]) + ((nuint)first * q->nb[2]);
            float* target = (float*)result->data + (((row * heads) + first) * query.Length);
            if (next + 1 < shared) Attend<Two>(ref query, ref piece, source, q->nb[2], target);
            else Attend<One>(ref query, ref piece, source, q->nb[2], target);
        }
    }

    /// <summary>Eight 16-bit floats, each 2^-112 of what it is: who multiplies them makes up for it, by <see cref="HalfUnit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Shifted(ushort* halves) =>
        (Avx2.ConvertToVector256Int32((short*)halves) << 13 & Vector256.Create(unchecked((int)0x8FFFE000))).AsSingle();

    private static bool IsCache(ggml_tensor* cells) => cells->type == GgmlType.F16 && cells->nb[0] == sizeof(ushort) && cells->ne[3] == 1;

    private static void Compute(ggml_tensor* result, int thread, int threads, ProductWork work)
    {
        long rows = result->Source(0)->ne[1];
        int* seen = (int*)work.PanelOf(thread);
        for (long head = 0; head < result->Source(1)->ne[2]; head++)
        {
            // A single row's heads are shared out as well.
            for (long row = (thread + threads - (head * rows % threads)) % threads; row < rows; row += threads)
                ComputeRow(result, row, head, seen);
        }
    }

    /// <summary>One or two heads' queries of a row, which see the same keys and values.</summary>
    private static void Attend<THeads>(ref Query query, ref Piece piece, byte* source, nuint stride, float* target)
        where THeads : struct, IHeadCount
    {
        for (int head = 0; head < THeads.Count; head++)
        {
            float* from = (float*)(source + ((nuint)head * stride));
            for (int index = 0; index < query.Length; index++) query.Queries[(head * query.Length) + index] = from[index] * query.Scale * HalfUnit;
        }

        new Span<float>(query.Sums, THeads.Count * query.Length).Clear();
        piece.Begin();
        for (int cell = 0; cell < query.Cells; cell += PieceCells)
        {
            piece.Fill(query.Mask, query.Seen + cell, Math.Min(PieceCells, query.Cells - cell));
            Score<THeads>(ref query, ref piece);
            for (int head = 0; head < THeads.Count; head++) piece.Weigh(head, query.Cap, query.Sums + (head * query.Length), query.Length);
            Add<THeads>(ref query, ref piece);
        }

        for (int head = 0; head < THeads.Count; head++)
        {
            float total = piece.Total(head);
            float factor = total > 0 ? 1 / total : 0;
            for (int index = 0; index < query.Length; index++) target[(head * query.Length) + index] = query.Sums[(head * query.Length) + index] * factor;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Score<THeads>(ref Query query, ref Piece piece)
        where THeads : struct, IHeadCount
    {
        int length = query.Length;
        float* first = query.Queries;
        float* second = first + length;
        for (int index = 0; index < piece.Count; index++)
        {
            ushort* key = (ushort*)(query.Keys + ((nuint)piece.Cells[index] * query.KeyStride));
            Prefetch(query.Values + ((nuint)piece.Cells[index] * query.ValueStride), length);
            if (index + Ahead < piece.Count) Prefetch(query.Keys + ((nuint)piece.Cells[index + Ahead] * query.KeyStride), length);
            Vector256<float> s00 = default, s01 = default, s10 = default, s11 = default;
            for (int at = 0; at < length; at += 16)
            {
                Vector256<float> k0 = Shifted(key + at), k1 = Shifted(key + at + 8);
                s00 = Vector256.FusedMultiplyAdd(Vector256.Load(first + at), k0, s00);
                s01 = Vector256.FusedMultiplyAdd(Vector256.Load(first + at + 8), k1, s01);
                if (THeads.Count == 1) continue;
                s10 = Vector256.FusedMultiplyAdd(Vector256.Load(second + at), k0, s10);
                s11 = Vector256.FusedMultiplyAdd(Vector256.Load(second + at + 8), k1, s11);
            }

            piece.Scores[index] = Vector256.Sum(s00 + s01);
            if (THeads.Count == 2) piece.Scores[PieceCells + index] = Vector256.Sum(s10 + s11);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Add<THeads>(ref Query query, ref Piece piece)
        where THeads : struct, IHeadCount
    {
        int length = query.Length;
        float* first = query.Sums;
        float* second = first + length;
        for (int at = 0; at < length; at += 16)
        {
            Vector256<float> s00 = Vector256.Load(first + at), s01 = Vector256.Load(first + at + 8), s10 = default, s11 = default;
            if (THeads.Count == 2) (s10, s11) = (Vector256.Load(second + at), Vector256.Load(second + at + 8));
            for (int index = 0; index < piece.Count; index++)
            {
                ushort* value = (ushort*)(query.Values + ((nuint)piece.Cells[index] * query.ValueStride)) + at;
                Vector256<float> v0 = Shifted(value), v1 = Shifted(value + 8);
                Vector256<float> weight = Vector256.Create(piece.Scores[index]);
                s00 = Vector256.FusedMultiplyAdd(weight, v0, s00);
                s01 = Vector256.FusedMultiplyAdd(weight, v1, s01);
                if (THeads.Count == 1) continue;
                weight = Vector256.Create(piece.Scores[PieceCells + index]);
                s10 = Vector256.FusedMultiplyAdd(weight, v0, s10);
                s11 = Vector256.FusedMultiplyAdd(weight, v1, s11);
            }

            s00.Store(first + at);
            s01.Store(first + at + 8);
            if (THeads.Count == 1) continue;
            s10.Store(second + at);
            s11.Store(second + at + 8);
        }
    }

    /// <summary>A head's key or value in a cell: the others' lie between it and the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* row, int length)
    {
        for (int at = 0; at < length * sizeof(ushort); at += CacheLine) Sse.Prefetch0(row + at);
    }


    /// <summary>What stays the same for the queries of a row.</summary>
    private struct Query
    {
        public int Length;
        public int Cells;
        public int* Seen;
        public byte* Keys;
        public byte* Values;
        public nuint KeyStride;
        public nuint ValueStride;
        public ushort* Mask;
        public float Scale;
        public float Cap;
        public float* Queries;
        public float* Sums;
    }

    /// <summary>Some cells that are seen, their scores, and the softmax as far as it has come: for two heads.</summary>
    private struct Piece
    {
        public int Count;
        public CellNumbers Cells;
        public CellScores Scores;
        private CellBiases _biases;
        private (float First, float Second) _highest;
        private (float First, float Second) _total;

        public void Begin()
        {
            _highest = (float.NegativeInfinity, float.NegativeInfinity);
            _total = default;
        }

        public readonly float Total(int head) => head == 0 ? _total.First : _total.Second;

        /// <summary>Takes the next cells that are seen.</summary>
        public void Fill(ushort* mask, int* cells, int count)
        {
            Count = count;
            for (int index = 0; index < count; index++)
            {
                ushort bias = mask is null ? (ushort)0 : mask[cells[index]];
                Cells[index] = cells[index];
                _biases[index] = bias == 0 ? 0 : (float)BitConverter.UInt16BitsToHalf(bias);
            }
        }

        /// <summary>Makes weights of a head's scores, times the unit of the values; what was added before is scaled down where a higher score turns up.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Weigh(int head, float cap, float* sums, int length)
        {
            Span<float> scores = ((Span<float>)Scores).Slice(head * PieceCells, PieceCells);
            scores[Count..].Fill(float.NegativeInfinity);
            Vector256<float> most = Vector256.Create(float.NegativeInfinity);
            for (int at = 0; at < Count; at += Vector256<float>.Count)
            {
                Vector256<float> score = Vector256.Create(scores[at..]);
                if (cap > 0) score = Vector256.ConditionalSelect(Vector256.Equals(score, Vector256.Create(float.NegativeInfinity)), score, Vector256.Create(cap) * VectorOperations.TanhOf(score * Vector256.Create(1 / cap)));
                score += Vector256.Create(((ReadOnlySpan<float>)_biases)[at..]);
                score.CopyTo(scores[at..]);
                most = Vector256.Max(most, score);
            }

            ref float highest = ref head == 0 ? ref _highest.First : ref _highest.Second;
            ref float total = ref head == 0 ? ref _total.First : ref _total.Second;
            float piece = float.NegativeInfinity;
            for (int lane = 0; lane < Vector256<float>.Count; lane++) piece = MathF.Max(piece, most[lane]);
            if (piece > highest)
            {
                float factor = MathF.Exp(highest - piece);
                total *= factor;
                for (int at = 0; at < length; at += Vector256<float>.Count) (Vector256.Load(sums + at) * Vector256.Create(factor)).Store(sums + at);
                highest = piece;
            }

            Vector256<float> sum = default;
            for (int at = 0; at < Count; at += Vector256<float>.Count)
            {
                Vector256<float> weight = Vector256.Exp(Vector256.Create(scores[at..]) - Vector256.Create(highest));
                sum += weight;
                (weight * Vector256.Create(HalfUnit)).CopyTo(scores[at..]);
            }

            total += Vector256.Sum(sum);
        }
    }

    [InlineArray(PieceCells)]
    private struct CellNumbers
    {
        private int _first;
    }

    [InlineArray(2 * PieceCells)]
    private struct CellScores
    {
        private float _first;
    }

    [InlineArray(PieceCells)]
    private struct CellBiases
    {
        private float _first;
    }

    private interface IHeadCount
    {
        static abstract int Count { get; }
    }

    private readonly struct One : IHeadCount
    {
        public static int Count => 1;
    }

    private readonly struct Two : IHeadCount
    {
        public static int Count => 2;
    }
}
