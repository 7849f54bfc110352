using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Cli.Terminals;

namespace PaliGguf.Cli.Tests.Terminals;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("one line", "one line")]
    [InlineData("two\r\n  lines\n", "two   lines")]
    [InlineData("a\tb", "a b")]
    [InlineData("\e[31mred\e[0m", "\uFFFD[31mred\uFFFD[0m")]
    public void A_line_is_one_line(string text, string expected) => Assert.Equal(expected, PlainText.Line(text));

    [Fact]
    public void No_text_can_steer_the_terminal() => Prop.ForAll<string>(text =>
    {
        Assert.DoesNotContain(PlainText.Line(text ?? ""), char.IsControl);
        Assert.DoesNotContain(PlainText.Lines(text ?? ""), character => char.IsControl(character) && character is not ('\n' or '\t'));
    }).QuickCheckThrowOnFailure();
}
