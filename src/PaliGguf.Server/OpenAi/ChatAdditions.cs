using System.Text.Json;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.OpenAi;

/// <summary>
/// Fields that other servers have added to OpenAI's (vLLM, llama.cpp, text-generation-inference) and that would change the answer: they are
/// refused where they ask for something, not passed over.
/// </summary>
internal static class ChatAdditions
{
    private const string Penalty = "Penalties are not supported", Form = "The form of an answer can not be prescribed",
        One = "There is one answer to a request", End = "An answer ends where the model ends it, or at 'stop' and 'max_tokens'";

    private static readonly UnsupportedField[] All =
    [
        new("repetition_penalty", Penalty, "1"), new("repeat_penalty", Penalty, "1"), new("dry_multiplier", Penalty, "0"),
            new("no_repeat_ngram_size", Penalty, "0"),
        new("best_of", One, "1"), new("use_beam_search", "Beams are searched by /api/generate only", "0"),
        new("min_tokens", End, "0"), new("ignore_eos", End, "0"), new("stop_token_ids", End),
        new("bad_words", "No words are left out"),
        new("guided_json", Form), new("guided_regex", Form), new("guided_choice", Form),
        new("guided_grammar", Form), new("structured_outputs", Form), new("grammar", Form),
        new("json_schema", Form),
    ];

    /// <summary>Goes through a request.</summary>
    /// <exception cref="RejectionException">It asks for something that is not done.</exception>
    public static void Refuse(JsonElement request) => UnsupportedField.Refuse(request, All);
}
