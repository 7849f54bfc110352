using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PaliGguf.Batch;

namespace PaliGguf.Broker.Messages;

/// <summary>
/// Makes keys: the same for the same picture, questions, model and terms, whoever asks and when. So an answer that was given while nobody
/// collected is still one, and one to other questions is not.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="terms">How it answers.</param>
/// <param name="round">Tells rounds of the same questions apart, in which what has failed is asked again.</param>
internal sealed class ItemKeys(ModelFacts model, AnswerTerms terms, string round)
{
    private const int Digits = 32;

    private readonly byte[] _common = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        new ItemMessage(MessageJson.Version, round, model, terms, new PictureReference(""), []), MessageJson.Default.ItemMessage));

    /// <summary>Whether a text has the form of a key.</summary>
    public static bool IsKey(string text) => text.Length == Digits && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The key of a picture and what is asked about it.</summary>
    public string Of(string id, IReadOnlyList<Question> questions)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_common);
        foreach (string text in questions.Select(question => question.Prompt).Prepend(id))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..Digits];
    }
}
