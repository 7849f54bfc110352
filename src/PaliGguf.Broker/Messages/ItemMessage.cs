using System.Text.Json;

namespace PaliGguf.Broker.Messages;

/// <summary>
/// A picture that is to be asked about: a line of JSON, and behind it, where the picture is in the message, its bytes as they are.
/// </summary>
/// <param name="Version">The version of the form.</param>
/// <param name="Key">Tells picture and questions from all others: 32 hexadecimal digits.</param>
/// <param name="Model">The model that is asked.</param>
/// <param name="Terms">How it is to answer.</param>
/// <param name="Picture">Where the picture is.</param>
/// <param name="Questions">What is asked.</param>
internal sealed record ItemMessage(
    int Version, string Key, ModelFacts Model, AnswerTerms Terms, PictureReference Picture, IReadOnlyList<QuestionMessage> Questions)
{
    /// <summary>What the type of such a message is called.</summary>
    public const string Type = "paligguf.item";

    /// <summary>The most bytes of a picture that travels in its message.</summary>
    public const int MostInline = 16 << 20;

    private const int LongestJson = 4 << 20, LongestName = 1 << 15, MostQuestions = 256;

    public static byte[] Write(ItemMessage message, ReadOnlySpan<byte> inline) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(message, MessageJson.Default.ItemMessage), (byte)'\n', .. inline];

    /// <summary>Reads a message.</summary>
    /// <returns>It, and the bytes of its picture; none where this is elsewhere.</returns>
    /// <exception cref="NewerMessageException">A newer program wrote it.</exception>
    /// <exception cref="MessageException">It is none.</exception>
    public static (ItemMessage Message, ReadOnlyMemory<byte> Inline) Read(ReadOnlyMemory<byte> body)
    {
        ReadOnlyMemory<byte> line = LineOf(body);
        if (line.IsEmpty) throw new MessageException("it has no line of JSON");
        ItemMessage message = MessageJson.Read(line.Span, MessageJson.Default.ItemMessage);
        ReadOnlyMemory<byte> inline = body[(line.Length + 1)..];
        message.Check(inline.Length);
        return (message, inline);
    }

    /// <summary>The object of a message, without its picture; empty where it has none.</summary>
    public static ReadOnlyMemory<byte> LineOf(ReadOnlyMemory<byte> body) =>
        body[..Math.Max(body.Span[..Math.Min(body.Length, LongestJson)].IndexOf((byte)'\n'), 0)];

    private void Check(int inline)
    {
        if (!ItemKeys.IsKey(Key)) throw new MessageException("its key is none");
        int places = (Picture.Path is null ? 0 : 1) + (Picture.Address is null ? 0 : 1) + (Picture.Inline is null ? 0 : 1);
        if (places != 1 || inline != (Picture.Inline ?? 0) || inline > MostInline)
            throw new MessageException("it does not say in one way where its picture is");
        if (Picture.Name.Length > LongestName || Picture.Path?.Length > LongestName || Picture.Address?.Length > LongestName)
            throw new MessageException("the name of its picture is longer than any");
        if (Questions.Count is 0 or > MostQuestions || Questions.Any(question => question is null))
            throw new MessageException("it asks nothing, or more than can be asked");
        if (Model.Adapters.Any(adapter => adapter is null) || Model.Options.Values.Any(value => value is null))
            throw new MessageException("it names no model");
    }
}
