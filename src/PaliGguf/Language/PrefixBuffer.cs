namespace PaliGguf.Language;

/// <summary>Puts the rows of one prefix after the other together, in the same memory.</summary>
internal sealed class PrefixBuffer(TokenEmbeddings embeddings)
{
    private float[] _rows = [];

    /// <summary>The rows of a prefix, valid until the next one.</summary>
    public ReadOnlySpan<float> Fill(PrefixContent prefix)
    {
        int length = checked(prefix.Rows * embeddings.Length);
        if (_rows.Length < length) _rows = new float[length];
        int filled = 0;
        foreach (float[] picture in prefix.SoftTokens)
        {
            picture.CopyTo(_rows, filled);
            filled += picture.Length;
        }

        embeddings.CopyRows(prefix.TextTokens, _rows.AsSpan(filled, length - filled));
        return _rows.AsSpan(0, length);
    }
}
