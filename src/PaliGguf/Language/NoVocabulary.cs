using System.Text;
using PaliGguf.Interop;

namespace PaliGguf.Language;

/// <summary>
/// Metadata that tells the library there is nothing of a vocabulary but its number of tokens: its own index of them takes as long as all
/// the rest of loading, and nobody uses it.
/// </summary>
internal static unsafe class NoVocabulary
{
    /// <summary>Two keys, and one without a name that ends the list.</summary>
    public const int Count = 3;

    private const int FieldLength = 128;

    /// <summary>Writes the keys.</summary>
    /// <param name="overrides">Room for <see cref="Count"/>.</param>
    /// <param name="layout">The text model.</param>
    public static void Write(llama_model_kv_override* overrides, TextModelLayout layout)
    {
        new Span<llama_model_kv_override>(overrides, Count).Clear();
        overrides[0].tag = llama_model_kv_override.LLAMA_KV_OVERRIDE_TYPE_STR;
        "tokenizer.ggml.model"u8.CopyTo(new Span<byte>(overrides[0].key, FieldLength));
        "no_vocab"u8.CopyTo(new Span<byte>(overrides[0].val_str, FieldLength));
        overrides[1].tag = llama_model_kv_override.LLAMA_KV_OVERRIDE_TYPE_INT;
        Encoding.UTF8.GetBytes($"{layout.Architecture}.vocab_size", new Span<byte>(overrides[1].key, FieldLength));
        overrides[1].val_i64 = layout.VocabularySize;
    }
}
