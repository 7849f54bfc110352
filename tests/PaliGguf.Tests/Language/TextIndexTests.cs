using System.Text;
using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

public sealed class TextIndexTests
{
    [Fact]
    public void Finds_each_text_and_no_other()
    {
        TextIndex index = Index("a", "ab", "", "b", "aab");
        Assert.Equal([0, 1, 3, 4], new[] { "a", "ab", "b", "aab" }.Select(text => index.Find(Encoding.UTF8.GetBytes(text))));
        Assert.All(new[] { "", "aa", "ba", "aaba", new string('a', 1000) }, text => Assert.Equal(TextIndex.None, index.Find(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Tells_of_the_first_text_that_was_there_before()
    {
        Assert.Null(Index("a", "b", "", "", "ab").FindRepeat());
        Assert.Equal((3, 1), Index("a", "b", "c", "b", "a").FindRepeat());
        Assert.Equal((300, 7), Index([.. Enumerable.Range(0, 300).Select(i => $"t{i}"), "t7"]).FindRepeat());
    }

    [Fact]
    public void An_index_of_nothing_has_nothing()
    {
        TextIndex index = Index();
        Assert.Equal(0, index.Count);
        Assert.Equal(TextIndex.None, index.Find("a"u8));
        Assert.Null(index.FindRepeat());
    }

    private static TextIndex Index(params string[] texts)
    {
        int[] starts = new int[texts.Length + 1];
        for (int i = 0; i < texts.Length; i++) starts[i + 1] = starts[i] + Encoding.UTF8.GetByteCount(texts[i]);
        return new TextIndex(Encoding.UTF8.GetBytes(string.Concat(texts)), starts);
    }
}
