using FsCheck;
using FsCheck.Fluent;

namespace PaliGguf.Hosting.Tests;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("capton", " (did you mean 'caption'?)")]
    [InlineData("sement", " (did you mean 'segment'?)")]
    [InlineData("--tempreature", " (did you mean '--temperature'?)")]
    [InlineData("dance", "")]
    [InlineData("", "")]
    public void The_closest_word_is_named_if_it_is_close(string word, string expected) =>
        Assert.Equal(expected, Suggestion.For(word, ["caption", "segment", "--temperature"]));

    [Fact]
    public void Where_nothing_is_known_nothing_is_meant() => Assert.Equal("", Suggestion.For("caption", []));

    [Fact]
    public void As_many_edits_lead_back() => Prop.ForAll<NonNull<string>, NonNull<string>>((from, to) =>
    {
        int edits = Suggestion.Edits(from.Get, to.Get);
        return edits == Suggestion.Edits(to.Get, from.Get) && (edits == 0) == (from.Get == to.Get);
    }).QuickCheckThrowOnFailure();
}
