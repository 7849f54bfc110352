using System.Numerics.Tensors;

namespace PaliGguf.Evaluation.Metrics.Bert;

/// <summary>A text as a BERT sees it. Immutable.</summary>
public sealed class BertText
{
    private readonly float[] _directions;

    /// <summary>Takes the tokens of a text and their vectors.</summary>
    /// <param name="tokens">The numbers of the tokens, [CLS] first and [SEP] last.</param>
    /// <param name="vectors">For each token the hidden state of the layer that is compared.</param>
    /// <exception cref="ArgumentException">
    /// There are not both [CLS] and [SEP], or not a vector of the same length for each token.
    /// </exception>
    public BertText(IReadOnlyList<int> tokens, IReadOnlyList<float[]> vectors)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(vectors);
        if (tokens.Count < 2) throw new ArgumentException("A text has at least the tokens [CLS] and [SEP].", nameof(tokens));
        if (vectors.Count != tokens.Count || vectors.Any(vector => vector.Length != vectors[0].Length))
        {
            throw new ArgumentException($"There are not {tokens.Count} vectors of the same length.", nameof(vectors));
        }

        Tokens = [.. tokens];
        Width = vectors[0].Length;
        _directions = [.. vectors.SelectMany(vector => vector)];
        for (int i = 0; i < tokens.Count; i++)
        {
            Span<float> direction = _directions.AsSpan(i * Width, Width);
            TensorPrimitives.Divide(direction, TensorPrimitives.Norm(direction), direction);
        }
    }

    /// <summary>The numbers of the tokens.</summary>
    public IReadOnlyList<int> Tokens { get; }

    /// <summary>The length of each vector.</summary>
    public int Width { get; }

    /// <summary>Whether there is nothing between [CLS] and [SEP].</summary>
    internal bool IsEmpty => Tokens.Count == 2;

    /// <summary>The vector of a token divided by its norm.</summary>
    internal ReadOnlySpan<float> Direction(int token) => _directions.AsSpan(token * Width, Width);
}
