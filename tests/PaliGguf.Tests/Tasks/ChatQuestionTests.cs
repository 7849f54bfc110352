using PaliGguf.Tasks;

namespace PaliGguf.Tests.Tasks;

public sealed class ChatQuestionTests
{
    private const string OptOut = "--allow-text-only";

    [Fact]
    public void The_last_user_message_is_the_prompt_and_the_latest_pictures_are_its_own()
    {
        Assert.Equal(("caption en", "b"), Ask(User("caption th", "a"), Other("เต่า"), User("caption en", "b"), Other("")));
        Assert.Equal(("answer en what is this?", "b"),
            Ask(User("caption en", "a"), Other("a turtle"), User("caption en", "b"), Other("bananas"), User("answer en what is this?")));
        Assert.Equal(("and now?", "c,d"), Ask(User("caption en", "a"), Other("drawn", "c", "d"), User("and now?")));
        Assert.Equal(("what is it?", "late"), Ask(User("what is it?", "a"), Other("fetched", "late")));
    }

    [Fact]
    public void Texts_are_joined_by_line_feeds_without_what_is_empty() =>
        Assert.Equal(("answer en\nwhat is this?", "a"),
            Ask(new ChatTurn<string>(true, ["", " answer en", "\n", "what is this? \n"], ["a"])));

    [Fact]
    public void A_picture_needs_no_text()
    {
        Assert.Equal(("", "a"), Ask(new ChatTurn<string>(true, [], ["a"])));
        Assert.Equal(("", "a"), Ask(User(" \n", "a")));
        Assert.Equal(("", "a"), Ask(User("caption en", "a"), User("")));
    }

    [Fact]
    public void A_text_needs_a_picture_unless_it_is_said_otherwise()
    {
        Assert.Contains(OptOut, Assert.Throws<ArgumentException>(() => Ask(User("caption en"), Other("no"), User("why?"))).Message);
        Assert.Equal("why?", ChatQuestion<string>.Of([User("caption en"), User("why?")], textOnly: null).Prompt);
        Assert.Contains("neither", Assert.Throws<ArgumentException>(() => ChatQuestion<string>.Of([User(" ")], textOnly: null)).Message);
    }

    [Fact]
    public void Somebody_has_to_ask()
    {
        Assert.Contains("no user message", Assert.Throws<ArgumentException>(() => Ask()).Message);
        Assert.Contains("no user message", Assert.Throws<ArgumentException>(() => Ask(Other("a turtle", "a"))).Message);
    }

    private static (string Prompt, string Pictures) Ask(params ChatTurn<string>[] turns)
    {
        ChatQuestion<string> question = ChatQuestion<string>.Of(turns, OptOut);
        return (question.Prompt, string.Join(',', question.Pictures));
    }

    private static ChatTurn<string> User(string text, params string[] pictures) => new(true, [text], pictures);

    private static ChatTurn<string> Other(string text, params string[] pictures) => new(false, [text], pictures);
}
