using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>
/// Attention of a tile: 64 queries of a head in the lanes of vectors, against one key and value after the other. So softmax goes lane by
/// lane, and keys and values need no other order than they have. Scores are held for 64 keys at a time, and what was summed
/// before is scaled when a larger one comes (Milakov and Gimelshein, arXiv 1805.02867).
/// </summary>
internal readonly unsafe struct AttentionTile
{
    /// <summary>How many queries are computed at once.</summary>
    public const int Queries = 64;

    /// <summary>The most keys that are met at once.</summary>
    public const int Keys = 64;

    /// <summary>What head length and keys must be multiples of.</summary>
    public const int Multiple = 8;

    private const int Lanes = 8;
    private const int AtOnce = 4;
    private const float Log2E = 1.44269504f;

    private readonly nint _length;
    private readonly float _scale;
    private readonly float _cap;
    private readonly float* _queries;
    private readonly float* _sums;
    private readonly float* _scores;
    private readonly float* _highest;
    private readonly float* _weights;
    private readonly float* _factors;
    private readonly float* _spare;

    /// <param name="memory">Memory of <see cref="Bytes"/>, aligned to vectors.</param>
    /// <param name="length">The length of a head.</param>
    /// <param name="scale">The scores' factor.</param>
    /// <param name="cap">Their soft cap: cap * tanh(score / cap); 0 for none.</param>
    public AttentionTile(float* memory, nint length, float scale, float cap = 0)
    {
        _length = length;
        // Powers of two instead of e: the factor is log2(e). Of what is capped, it is that of the tangent's exponential first.
        _scale = cap > 0 ? 2 * Log2E * scale / cap : Log2E * scale;
        _cap = Log2E * cap;
        _queries = memory;
        _sums = _queries + (length * Queries);
        _scores = _sums + (length * Queries);
        _highest = _scores + (Keys * Queries);
        _weights = _highest + Queries;
        _factors = _weights + Queries;
        _spare = _factors + Queries;
    }

    /// <summary>Whether this processor has the vectors. Those of 512 bits come to the same bits as those of 256.</summary>
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    /// <summary>The bytes that a tile takes.</summary>
    public static nint Bytes(int length) => ((((2 * length) + Keys + 3) * Queries) + length) * sizeof(float);

    /// <summary>Takes queries.</summary>
    /// <param name="queries">Room for <see cref="Queries"/> rows, of which the first are given.</param>
    /// <param name="count">How many are.</param>
    public void Begin(float** queries, nint count)
    {
        // Lanes without a query compute something that nobody reads.
        new Span<float>(_spare, (int)_length).Clear();
        for (nint row = count; row < Queries; row++) queries[row] = _spare;
        for (nint row = 0; row < Queries; row += Multiple)
        {
            for (nint column = 0; column < _length; column += Multiple)
                ToLanes(queries + row, column, _queries + (column * Queries) + row);
        }

        new Span<float>(_sums, (int)_length * Queries).Clear();
        new Span<float>(_weights, Queries).Clear();
        new Span<float>(_highest, Queries).Fill(float.NegativeInfinity);
    }

    /// <summary>Meets some keys and their values.</summary>
    /// <param name="keys">Rows up to the next multiple of <see cref="Multiple"/> can be read.</param>
    /// <param name="values">As many.</param>
    /// <param name="count">At most <see cref="Keys"/>.</param>
    public void Meet(HeadRows keys, HeadRows values, nint count)
    {
        for (nint next = 0; next < count; next += AtOnce)
        {
            float* scores = _scores + (next * Queries);
            if (Avx512F.IsSupported) WideLanes.Score(_queries, _length, keys[next], keys.Stride, _scale, scores);
            else NarrowLanes.Score(_queries, _length, keys[next], keys.Stride, _scale, scores);
        }

        if (_cap > 0) Cap(count);
        Weigh(count);
        for (nint column = 0; column < _length; column += AtOnce)
        {
            float* sums = _sums + (column * Queries);
            if (Avx512F.IsSupported) WideLanes.Sum(_scores, count, values[0] + column, values.Stride, _factors, sums);
            else NarrowLanes.Sum(_scores, count, values[0] + column, values.Stride, _factors, sums);
        }
    }

    /// <summary>Gives the queries' results.</summary>
    /// <param name="results">Room for <see cref="Queries"/> rows, of which the first are given.</param>
    /// <param name="count">How many are.</param>
    public void End(float** results, nint count)
    {
        for (nint lane = 0; lane < Queries; lane += Lanes)
        {
            Vector256<float> share = Vector256<float>.One / Vector256.Load(_weights + lane);
            for (nint column = 0; column < _length; column++)
                (Vector256.Load(_sums + (column * Queries) + lane) * share).Store(_sums + (column * Queries) + lane);
        }

        for (nint row = count; row < Queries; row++) results[row] = _spare;
        for (nint row = 0; row < count; row += Multiple)
        {
            for (nint column = 0; column < _length; column += Multiple)
                FromLanes(_sums + (column * Queries) + row, results + row, column);
        }
    }

    /// <summary>Makes cap * tanh(score / cap) of scores that are twice log2(e) / cap of theirs: 1 - 2 / (2^x + 1) is the tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Cap(nint keys)
    {
        Vector256<float> cap = Vector256.Create(_cap), twice = cap + cap;
        for (float* scores = _scores; scores < _scores + (keys * Queries); scores += Lanes)
        {
            Vector256<float> power = PowersOf2.Of(Vector256.Load(scores));
            (cap - (twice / (power + Vector256<float>.One))).Store(scores);
        }
    }

    /// <summary>Makes weights of some keys' scores, and factors for what was summed with less.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Weigh(nint keys)
    {
        for (nint lane = 0; lane < Queries; lane += Lanes)
        {
            float* scores = _scores + lane;
            Vector256<float> before = Vector256.Load(_highest + lane), highest = before;
            for (nint key = 0; key < keys; key++) highest = Vector256.Max(highest, Vector256.Load(scores + (key * Queries)));
            Vector256<float> factor = PowersOf2.Of(before - highest), sum = default;
            for (nint key = 0; key < keys; key++)
            {
                Vector256<float> weight = PowersOf2.Of(Vector256.Load(scores + (key * Queries)) - highest);
                weight.Store(scores + (key * Queries));
                sum += weight;
            }

            highest.Store(_highest + lane);
            factor.Store(_factors + lane);
            ((Vector256.Load(_weights + lane) * factor) + sum).Store(_weights + lane);
        }
    }

    /// <summary>Eight columns of eight rows, as rows of lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ToLanes(float** rows, nint column, float* lanes)
    {
        for (int half = 0; half < 2; half++, column += 4, lanes += 4 * Queries)
        {
            Half(
                Vector256.Create(Vector128.Load(rows[0] + column), Vector128.Load(rows[4] + column)),
                Vector256.Create(Vector128.Load(rows[1] + column), Vector128.Load(rows[5] + column)),
                Vector256.Create(Vector128.Load(rows[2] + column), Vector128.Load(rows[6] + column)),
                Vector256.Create(Vector128.Load(rows[3] + column), Vector128.Load(rows[7] + column)),
                lanes, lanes + Queries, lanes + (2 * Queries), lanes + (3 * Queries));
        }
    }

    /// <summary>Eight rows of lanes as eight columns of eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FromLanes(float* lanes, float** rows, nint column)
    {
        for (int half = 0; half < 2; half++, rows += 4, lanes += 4)
        {
            Half(
                Vector256.Create(Vector128.Load(lanes), Vector128.Load(lanes + (4 * Queries))),
                Vector256.Create(Vector128.Load(lanes + Queries), Vector128.Load(lanes + (5 * Queries))),
                Vector256.Create(Vector128.Load(lanes + (2 * Queries)), Vector128.Load(lanes + (6 * Queries))),
                Vector256.Create(Vector128.Load(lanes + (3 * Queries)), Vector128.Load(lanes + (7 * Queries))),
                rows[0] + column, rows[1] + column, rows[2] + column, rows[3] + column);
        }
    }

    /// <summary>Four columns of eight rows, the fourth after each in the upper half, as four rows of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half(
        Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3,
        float* to0, float* to1, float* to2, float* to3)
    {
        Vector256<double> low01 = Avx.UnpackLow(r0, r1).AsDouble(), low23 = Avx.UnpackLow(r2, r3).AsDouble();
        Vector256<double> high01 = Avx.UnpackHigh(r0, r1).AsDouble(), high23 = Avx.UnpackHigh(r2, r3).AsDouble();
        Avx.UnpackLow(low01, low23).AsSingle().Store(to0);
        Avx.UnpackHigh(low01, low23).AsSingle().Store(to1);
        Avx.UnpackLow(high01, high23).AsSingle().Store(to2);
        Avx.UnpackHigh(high01, high23).AsSingle().Store(to3);
    }
}

/// <summary>A head's part of rows.</summary>
/// <param name="first">Of the first row.</param>
/// <param name="stride">How many floats the rows lie apart.</param>
internal readonly unsafe struct HeadRows(float* first, nint stride)
{
    public readonly nint Stride = stride;

    public float* this[nint row] => first + (row * Stride);
}
