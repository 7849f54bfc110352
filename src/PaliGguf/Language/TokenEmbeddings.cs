using PaliGguf.Gguf;
using PaliGguf.Interop;

namespace PaliGguf.Language;

/// <summary>Rows of <c>token_embd.weight</c> as floats: the library gives its callers no access to them. Those that prompts use again and again are kept.</summary>
internal sealed class TokenEmbeddings(GgufFile file)
{
    private const long KeptBytes = 2L << 20;

    private readonly GgufTensor _tensor = file.GetTensor("token_embd.weight");
    private readonly RecentArrays<int> _kept = new(KeptBytes);

    /// <summary>The embedding length.</summary>
    public int Length => (int)_tensor.RowLength;

    /// <summary>Writes one row per token, one after the other.</summary>
    public void CopyRows(ReadOnlySpan<int> tokens, Span<float> destination)
    {
        for (int row = 0; row < tokens.Length; row++) Row(tokens[row]).CopyTo(destination.Slice(row * Length, Length));
    }

    private float[] Row(int token)
    {
        if (_kept.TryGet(token, out float[]? known)) return known;
        float[] row = new float[Length];
        GgmlRows.Dequantize(_tensor.Type, file.GetRows(_tensor, token, 1), row);
        _kept.Add(token, row);
        return row;
    }
}
