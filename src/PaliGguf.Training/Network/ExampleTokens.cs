namespace PaliGguf.Training.Network;

/// <summary>The tokens of an example.</summary>
/// <param name="Prefix">What is given: from the token that begins a sequence to the line feed that ends the prompt.</param>
/// <param name="Suffix">What is to be said, and the token that ends it.</param>
internal sealed record ExampleTokens(IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix)
{
    /// <summary>The rows that it needs: the token that it ends with is predicted, and no input.</summary>
    public int InputCount => Prefix.Count + Suffix.Count - 1;
}
