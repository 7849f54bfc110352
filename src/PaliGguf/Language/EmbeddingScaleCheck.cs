using System.Numerics.Tensors;

namespace PaliGguf.Language;

/// <summary>
/// Decodes one token twice, by its id and by its embedding row. Where the two disagree, the library scales the one and not the other,
/// and every prefix would silently be wrong.
/// </summary>
internal static class EmbeddingScaleCheck
{
    private const float SmallestCosine = 0.999f;

    public static void Run(TextModel model, TextContext context, string path)
    {
        int token = model.Vocabulary.BeginOfSequence;
        context.DecodeTokens([new SequenceToken(token, 0, 0)]);
        float[] byId = context.Logits(0).ToArray();
        context.Remove(0);

        float[] row = new float[model.Embeddings.Length];
        model.Embeddings.CopyRows([token], row);
        context.DecodePrefix(row, 1, 0);
        float cosine = TensorPrimitives.CosineSimilarity(byId, context.Logits(0));
        context.Remove(0);
        if (float.IsNaN(cosine)) throw new ModelFormatException(path, "a token gives logits that are all 0 or no numbers: the weights are damaged.");
        if (cosine < SmallestCosine)
        {
            throw new ModelFormatException(
                path, $"a token decoded by its id and by its embedding row gives different logits (cosine {cosine:F4}): this llama.cpp library scales embeddings in another way.");
        }
    }
}
