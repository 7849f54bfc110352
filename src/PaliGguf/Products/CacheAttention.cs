using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>
/// The decoder's attention row by row. A query meets the cells that it sees in pieces, with the softmax carried on from one to the next
/// (Milakov and Gimelshein, arXiv 1805.02867); soft cap and exponential are computed in vectors, where the library calls a function for
/// each score.
/// </summary>
internal static unsafe class CacheAttention
{
    private const int PieceCells = 32;
    private const int Ahead = 4;
    private const int CacheLine = 64;

    /// <summary>The operation.</summary>
    public static delegate*<ggml_tensor*, int, int, ProductWork, void> Body => &Compute;

    /// <summary>Computes a row's queries that see the keys of some heads.</summary>
    /// <param name="result">The operation.</param>
    /// <param name="row">The row.</param>
    /// <param name="first">The first head of the keys.</param>
    /// <param name="step">From it to the next.</param>
    /// <param name="seen">As <see cref="DecoderAttention.Gather"/> needs it.</param>
    [SkipLocalsInit]
    public static void ComputeRow(ggml_tensor* result, long row, long first, long step, int* seen)
    {
        ggml_tensor* q = result->Source(0), k = result->Source(1), v = result->Source(2);
        float* queries = stackalloc float[2 * DecoderAttention.LongestHead];
        float* sums = stackalloc float[2 * DecoderAttention.LongestHead];
        Query query = new()
        {
            Length = (int)q->ne[0],
            Cells = DecoderAttention.Gather(result, row, seen),
            Seen = seen,
            KeyStride = k->nb[1],
            ValueStride = v->nb[1],
            Mask = DecoderAttention.MaskOf(result, row),
            Scale = DecoderAttention.ScaleOf(result),
            Cap = DecoderAttention.CapOf(result),
            Queries = queries,
            Sums = sums,
        };
        for (long head = first; head < k->ne[2]; head += step)
        {
            query.Keys = (byte*)k->data + ((nuint)head * k->nb[2]);
            query.Values = (byte*)v->data + ((nuint)head * v->nb[2]);
            AttendAll(ref query, q, result, row, head, q->ne[2] / k->ne[2]);
        }
    }

    private static void Compute(ggml_tensor* result, int thread, int threads, ProductWork work)
    {
        long rows = result->Source(0)->ne[1], heads = result->Source(1)->ne[2];
        int* seen = (int*)work.PanelOf(thread);
        for (long row = 0; row < rows; row++)
        {
            // A single row's heads are shared out as well.
            long first = (thread + threads - (row * heads % threads)) % threads;
            if (first < heads) ComputeRow(result, row, first, threads, seen);
        }
    }

    /// <summary>A row's queries that share the keys of a head, two at a time.</summary>
    private static void AttendAll(ref Query query, ggml_tensor* q, ggml_tensor* result, long row, long head, long shared)
    {
        Piece piece = default;
        for (long next = 0; next < shared; next += 2)
        {
            long first = (head * shared) + next;
            byte* source = (byte*)q->data + ((nuint)row * q->nb[1]) + ((nuint)first * q->nb[2]);
            float* target = (float*)result->data + (((row * q->ne[2]) + first) * query.Length);
            if (next + 1 < shared) Attend<Two>(ref query, ref piece, source, q->nb[2], target);
            else Attend<One>(ref query, ref piece, source, q->nb[2], target);
        }
    }

    /// <summary>One or two heads' queries of a row, which see the same keys and values.</summary>
    private static void Attend<THeads>(ref Query query, ref Piece piece, byte* source, nuint stride, float* target)
        where THeads : struct, IHeadCount
    {
        for (int head = 0; head < THeads.Count; head++)
        {
            float* from = (float*)(source + ((nuint)head * stride));
            for (int index = 0; index < query.Length; index++)
                query.Queries[(head * query.Length) + index] = from[index] * query.Scale * HalfFloats.Unit;
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
                Vector256<float> k0 = HalfFloats.Shifted(key + at), k1 = HalfFloats.Shifted(key + at + 8);
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
                Vector256<float> v0 = HalfFloats.Shifted(value), v1 = HalfFloats.Shifted(value + 8);
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
        public int* Cells;
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
            Cells = cells;
            Count = count;
            for (int index = 0; index < count; index++)
            {
                ushort bias = mask is null ? (ushort)0 : mask[cells[index]];
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
                (weight * Vector256.Create(HalfFloats.Unit)).CopyTo(scores[at..]);
            }

            total += Vector256.Sum(sum);
        }
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
