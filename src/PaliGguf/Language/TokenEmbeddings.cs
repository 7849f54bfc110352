using PaliGguf.Gguf;
using PaliGguf.Interop;

namespace PaliGguf.Language;

/// <summary>Rows of <c>token_embd.weight</c> as floats: the library gives its callers no access to them.</summary>
internal sealed class TokenEmbeddings(GgufFile file)
{
    private readonly GgufTensor _tensor = file.GetTensor("token_embd.weight");

    /// <summary>The embedding length.</summary>
    public int Length => (int)_tensor.RowLength;

    /// <summary>Writes one row per token, one after the other.</summary>
    public void CopyRows(ReadOnlySpan<int> tokens, Span<float> destination)
    {
        for (int row = 0; row < tokens.Length; row++)
        {
            GgmlRows.Dequantize(_tensor.Type, file.GetRows(_tensor, tokens[row], 1), destination.Slice(row * Length, Length));
        }
    }
}
