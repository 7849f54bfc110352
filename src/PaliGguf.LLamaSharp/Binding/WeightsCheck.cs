using System.Text;
using LLama.Native;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.LLamaSharp.Binding;

/// <summary>
/// Whether weights that a program has loaded can be those of a file, from which the prompts' embeddings and the vocabulary are read. Of two
/// models of the same sizes and name it can not tell; a token that is decoded by its embedding and by its number does
/// (<see cref="EmbeddingScaleCheck"/>).
/// </summary>
internal static class WeightsCheck
{
    /// <exception cref="ModelFormatException">They are of another model.</exception>
    public static void Run(SafeLlamaModelHandle weights, GgufFile file, TextModelLayout layout)
    {
        List<string> problems = [];
        Compare("architecture", Text(weights, "general.architecture"), layout.Architecture);
        Compare("name", Text(weights, "general.name"), file.Metadata.TryGetString("general.name", out string? name) ? name : null);
        Compare("embedding length", weights.EmbeddingSize, layout.EmbeddingLength);
        Compare("layers", weights.LayerCount, layout.LayerCount);
        Compare("tokens", weights.Vocab.Count, layout.VocabularySize);
        Compare("bytes of weights", (long)weights.SizeInBytes, file.Tensors.Sum(tensor => tensor.ByteLength));
        if (problems.Count == 0) return;
        throw new ModelFormatException(
            file.Path, $"the weights that LLamaSharp has loaded are of another file: {string.Join(", ", problems)}.");

        void Compare<T>(string what, T loaded, T stored)
        {
            if (!Equals(loaded, stored)) problems.Add($"{what} {Show(loaded)} instead of {Show(stored)}");
        }
    }

    private static string Show<T>(T value) => value switch
    {
        null => "none",
        string text => GgufName.Quote(text),
        _ => $"{value}",
    };

    // LLamaSharp hands a key over without the zero that ends it, and what follows in memory would be part of it.
    private static string? Text(SafeLlamaModelHandle weights, string key) =>
        weights.MetadataValueByKey(key + '\0') is { } value ? Encoding.UTF8.GetString(value.Span) : null;
}
