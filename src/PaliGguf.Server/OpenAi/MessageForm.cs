namespace PaliGguf.Server.OpenAi;

/// <summary>How one of OpenAI's APIs writes messages.</summary>
/// <param name="Field">The request's field that has them.</param>
/// <param name="Roles">Whose they may be.</param>
/// <param name="Texts">The types of parts that are texts, the first that of what a user writes.</param>
/// <param name="Picture">The type of parts that are pictures.</param>
/// <param name="PictureValue">What such a part has as its 'image_url', in words.</param>
internal sealed record MessageForm(
    string Field, IReadOnlyList<string> Roles, IReadOnlyList<string> Texts, string Picture, string PictureValue)
{
    /// <summary>Whether there are other things than messages among them, without a role.</summary>
    public bool HasOtherItems { get; private init; }

    /// <summary>That of chat completions.</summary>
    public static MessageForm Chat { get; } =
        new("messages", ["system", "developer", "user", "assistant", "tool", "function"], ["text"], "image_url", "an object with 'url'");

    /// <summary>That of responses, whose earlier answers come back as parts of a type of their own.</summary>
    public static MessageForm Responses { get; } =
        new("input", ["system", "developer", "user", "assistant"], ["input_text", "output_text"], "input_image", "a data URL")
        {
            HasOtherItems = true,
        };
}
