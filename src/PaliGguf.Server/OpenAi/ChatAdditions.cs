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

    private static readonly (string Field, double Neutral, string Reason)[] All =
    [
        ("repetition_penalty", 1, Penalty), ("repeat_penalty", 1, Penalty), ("dry_multiplier", 0, Penalty),
            ("no_repeat_ngram_size", 0, Penalty),
        ("best_of", 1, One), ("use_beam_search", 0, "Beams are searched by /api/generate only"),
        ("min_tokens", 0, End), ("ignore_eos", 0, End), ("stop_token_ids", double.NaN, End),
        ("bad_words", double.NaN, "No words are left out"),
        ("guided_json", double.NaN, Form), ("guided_regex", double.NaN, Form), ("guided_choice", double.NaN, Form),
        ("guided_grammar", double.NaN, Form), ("structured_outputs", double.NaN, Form), ("grammar", double.NaN, Form),
        ("json_schema", double.NaN, Form),
    ];

    /// <summary>Goes through a request.</summary>
    /// <exception cref="RejectionException">It asks for something that is not done.</exception>
    public static void Refuse(JsonElement request)
    {
        foreach ((string field, double neutral, string reason) in All)
        {
            if (request.TryGetProperty(field, out JsonElement value) && Asks(value, neutral))
                throw Rejection.Unsupported(field, $"{reason}: leave '{field}' out.");
        }
    }

    private static bool Asks(JsonElement value, double neutral) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => false,
        JsonValueKind.Number => !(value.TryGetDouble(out double number) && number == neutral),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.GetPropertyCount() > 0,
        JsonValueKind.String => !value.ValueEquals(""),
        _ => true,
    };
}
