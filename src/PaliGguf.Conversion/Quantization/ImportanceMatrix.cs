using System.Numerics.Tensors;

namespace PaliGguf.Conversion.Quantization;

/// <summary>
/// How much each column of a model's matrices matters: the mean square of the values that it is multiplied with, over rows seen while the model ran. A quantizer
/// that weighs its rounding errors with it keeps the products close rather than the weights (Kawrakow's importance matrix, llama.cpp pull request 4861). Not safe for
/// concurrent use.
/// </summary>
public sealed class ImportanceMatrix : IActivationObserver
{
    private readonly SortedDictionary<string, ColumnSums> _sums = new(StringComparer.Ordinal);
    private readonly List<string> _datasets = [];

    /// <summary>The tensors with data, in order.</summary>
    public IReadOnlyCollection<string> Weights => _sums.Keys;

    /// <summary>What it was gathered over: folders or files, for readers of the file.</summary>
    public IReadOnlyList<string> Datasets => _datasets;

    /// <summary>How many requests it was gathered over; in llama.cpp's files, chunks of text.</summary>
    public int Chunks { get; private set; }

    /// <summary>Reads a file in llama.cpp's present format, a GGUF of type <c>imatrix</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFormatException">It is missing, malformed, in the former format (<c>.dat</c>), or for a mixture of experts.</exception>
    public static ImportanceMatrix Read(string path) => ImportanceMatrixFile.Read(path);

    /// <summary>Writes a file that llama.cpp's tools read as well; under a temporary name until it is complete.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="cancellationToken">Ends the work; what had the name before is untouched then.</param>
    /// <exception cref="PaliException">The file can not be written, or a tensor's name is too long for the format.</exception>
    public void Write(string path, CancellationToken cancellationToken = default) => ImportanceMatrixFile.Write(this, path, cancellationToken);

    /// <summary>The mean square of what each column of a tensor was multiplied with.</summary>
    /// <param name="weight">The tensor's name in the model's GGUF file.</param>
    /// <returns>One value for each element of the tensor's rows, finite and not negative; null if nothing is known of the tensor.</returns>
    public float[]? MeanSquares(string weight) => _sums.GetValueOrDefault(weight)?.Means();

    /// <summary>How many rows a tensor was seen to be multiplied with; 0 if nothing is known of it.</summary>
    /// <param name="weight">The tensor's name.</param>
    public long Rows(string weight) => _sums.GetValueOrDefault(weight)?.Rows ?? 0;

    /// <summary>Adds rows that a tensor is multiplied with.</summary>
    /// <param name="weight">The tensor's name.</param>
    /// <param name="rows">Whole rows, at least one, of finite values.</param>
    /// <param name="rowLength">Elements of a row: the same for each call with this name.</param>
    /// <exception cref="ArgumentException">They are not whole rows, or of another length than before.</exception>
    /// <exception cref="InferenceException">A value is infinite or not a number.</exception>
    public void Observe(string weight, ReadOnlySpan<float> rows, int rowLength)
    {
        ArgumentException.ThrowIfNullOrEmpty(weight);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowLength, 1);
        if (rows.IsEmpty || rows.Length % rowLength != 0) throw new ArgumentException($"{rows.Length} values are no whole rows of {rowLength}.", nameof(rows));
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude(rows)))
        {
            throw new InferenceException($"{weight} is multiplied with NaN or infinite values: the model's weights are damaged, or the device computes wrongly.");
        }

        ColumnSums sums = Sums(weight, rowLength);
        for (; !rows.IsEmpty; rows = rows[rowLength..]) sums.AddSquares(rows[..rowLength]);
    }

    /// <summary>Counts a request as seen.</summary>
    public void CountChunk() => Chunks = Chunks == int.MaxValue ? int.MaxValue : Chunks + 1;

    /// <summary>Names something that it was gathered over.</summary>
    /// <param name="dataset">A folder or file; one named before is not named again.</param>
    public void NameDataset(string dataset)
    {
        if (!_datasets.Contains(dataset, StringComparer.Ordinal)) _datasets.Add(dataset);
    }

    /// <summary>Adds all that another one has seen: as if both had been gathered in one run.</summary>
    /// <param name="other">One for the same model, which stays as it is.</param>
    /// <exception cref="PaliException">A tensor has rows of another length there; nothing is added then.</exception>
    public void Add(ImportanceMatrix other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach ((string weight, ColumnSums theirs) in other._sums)
        {
            if (_sums.GetValueOrDefault(weight) is { } ours && ours.Squares.Length != theirs.Squares.Length)
            {
                throw new PaliException(
                    $"The importance matrices are for different models: {weight} has rows of {ours.Squares.Length} in one and of {theirs.Squares.Length} in the other.");
            }
        }

        foreach ((string weight, ColumnSums theirs) in other._sums) Sums(weight, theirs.Squares.Length).Add(theirs);
        foreach (string dataset in other._datasets) NameDataset(dataset);
        Chunks = (int)Math.Min(int.MaxValue, (long)Chunks + other.Chunks);
    }

    /// <summary>Joins two kinds of rows so that, for each tensor, all rows of one kind together count as much as all rows of the other, however many they are.</summary>
    /// <param name="first">The rows of one kind; also what the datasets and chunks are taken from.</param>
    /// <param name="second">Those of the other, of the same model.</param>
    /// <returns>A new matrix. A tensor that only one of them knows is there as it is.</returns>
    public static ImportanceMatrix Balance(ImportanceMatrix first, ImportanceMatrix second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ImportanceMatrix balanced = new() { Chunks = first.Chunks };
        balanced._datasets.AddRange(first._datasets);
        foreach (string weight in first._sums.Keys.Union(second._sums.Keys, StringComparer.Ordinal))
        {
            ColumnSums? one = first._sums.GetValueOrDefault(weight), other = second._sums.GetValueOrDefault(weight);
            if (one is not null && other is not null)
            {
                long rows = one.Rows + other.Rows;
                balanced.Sums(weight, one.Squares.Length).Add(one, rows / 2.0 / one.Rows);
                balanced.Sums(weight, other.Squares.Length).Add(other, rows / 2.0 / other.Rows);
            }
            else
            {
                ColumnSums only = one ?? other!;
                balanced.Sums(weight, only.Squares.Length).Add(only);
            }
        }

        return balanced;
    }

    internal ColumnSums this[string weight] => _sums[weight];

    internal void Set(string weight, ColumnSums sums) => _sums.Add(weight, sums);

    internal void SetChunks(int count) => Chunks = count;

    private ColumnSums Sums(string weight, int length)
    {
        if (!_sums.TryGetValue(weight, out ColumnSums? sums)) _sums.Add(weight, sums = new ColumnSums(new double[length], 0));
        if (sums.Squares.Length != length) throw new ArgumentException($"The rows for {weight} had {sums.Squares.Length} values before, and now {length}.", nameof(length));
        return sums;
    }
}
