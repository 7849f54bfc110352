using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

public sealed class SuffixTextTests
{
    [Theory]
    [InlineData("é")]
    [InlineData("\u20AC")]
    [InlineData("\U0001F600")]
    [InlineData("เต่า")]
    public void A_character_comes_out_with_its_last_byte(string text)
    {
        SuffixText suffix = new([]);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        string released = "";
        for (int length = 1; length <= bytes.Length; length++)
        {
            released += suffix.Append([bytes[length - 1]]);
            Assert.Equal(WholeCharacters(bytes.AsSpan(0, length)), released);
        }

        Assert.Equal("", suffix.Complete());
        Assert.Equal(text, released);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_become_replacement_characters()
    {
        SuffixText suffix = new([]);
        Assert.Equal("a\uFFFD", suffix.Append([(byte)'a', 0xFF]));
        Assert.Equal("", suffix.Append([0xC3]));
        Assert.Equal("\uFFFDb", suffix.Append([(byte)'b']));
        Assert.Equal("", suffix.Append([0xF0, 0x9F]));
        Assert.Equal("\uFFFD", suffix.Complete());
        Assert.Equal("a\uFFFD\uFFFDb\uFFFD", suffix.ToString());
    }

    [Fact]
    public void A_token_without_text_changes_nothing()
    {
        SuffixText suffix = new(["b"]);
        Assert.Equal("", suffix.Append([]));
        Assert.Equal("a", suffix.Append("a"u8));
        Assert.Equal("", suffix.Append([]));
        Assert.False(suffix.Stopped);
    }

    [Fact]
    public void A_token_longer_than_any_buffer_comes_out_whole()
    {
        string text = string.Concat(Enumerable.Repeat("x\U0001F600é", 5000));
        SuffixText suffix = new([]);
        Assert.Equal(text, suffix.Append(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("one. two", "one", "one", ".", " two")]
    [InlineData("one END two", "one ", "one E", "ND", " two")]
    [InlineData("one END two", "one ", "one ", "E", "N", "D")]
    [InlineData("END", "", "E", "ND")]
    [InlineData("one EEND", "one E", "one EE", "ND")]
    public void A_stop_text_ends_the_answer_however_it_is_cut_into_tokens(string whole, string expected, params string[] tokens)
    {
        SuffixText suffix = new(["END", "."]);
        string released = "";
        foreach (string token in tokens.TakeWhile(_ => !suffix.Stopped)) released += suffix.Append(Encoding.UTF8.GetBytes(token));
        released += suffix.Complete();
        Assert.True(suffix.Stopped, whole);
        Assert.Equal((expected, expected), (released, suffix.ToString()));
    }

    [Fact]
    public void Text_that_may_begin_a_stop_text_is_held_back_until_it_is_known()
    {
        SuffixText suffix = new(["END"]);
        Assert.Equal("the ", suffix.Append("the EN"u8));
        Assert.Equal("ENEMY ", suffix.Append("EMY E"u8));
        Assert.Equal("", suffix.Append("N"u8));
        Assert.Equal("EN", suffix.Complete());
        Assert.Equal("the ENEMY EN", suffix.ToString());
        Assert.False(suffix.Stopped);
    }

    [Theory]
    [InlineData("a b c", "a ", "c", "b")]
    [InlineData("a b c", "a ", "b", "c")]
    [InlineData("abcd", "a", "abcd", "bc")]
    [InlineData("xabc", "x", "bc", "abc", "c")]
    [InlineData("xx", "", "xx", "x")]
    public void Of_several_stop_texts_the_first_complete_one_counts(string text, string expected, params string[] stops)
    {
        SuffixText atOnce = new(stops);
        atOnce.Append(Encoding.UTF8.GetBytes(text));
        Assert.Equal((expected, true), (atOnce.ToString(), atOnce.Stopped));

        SuffixText byByte = new(stops);
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            if (!byByte.Stopped) byByte.Append([value]);
        }

        Assert.Equal((expected, true), (byByte.ToString(), byByte.Stopped));
    }

    [Fact]
    public void Released_texts_add_up_to_the_decoded_bytes_cut_at_the_first_stop_text() =>
        Prop.ForAll(Cases().ToArbitrary(), item =>
        {
            SuffixText suffix = new(item.Stops);
            StringBuilder released = new();
            foreach (byte[] token in item.Tokens)
            {
                released.Append(suffix.Append(token));
                Assert.Equal(suffix.ToString()[..released.Length], released.ToString());
                if (suffix.Stopped) break;
            }

            released.Append(suffix.Complete());
            string expected = CutAtFirstStop(Encoding.UTF8.GetString([.. item.Tokens.SelectMany(token => token)]), item.Stops);
            Assert.Equal(expected, released.ToString());
            Assert.Equal(expected, suffix.ToString());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static string CutAtFirstStop(string text, IReadOnlyList<string> stops)
    {
        for (int end = 1; end <= text.Length; end++)
        {
            string[] ending = stops.Where(stop => text.AsSpan(0, end).EndsWith(stop, StringComparison.Ordinal)).ToArray();
            if (ending.Length > 0) return text[..(end - ending.Max(stop => stop.Length))];
        }

        return text;
    }

    private static string WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && Encoding.UTF8.GetString(bytes).EndsWith('\uFFFD')) bytes = bytes[..^1];
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Few different characters, so that stop texts do appear; whole ones, cut ones and bytes of none.</summary>
    private static Gen<(byte[][] Tokens, string[] Stops)> Cases()
    {
        Gen<byte[]> characters = Gen.OneOf(
            Gen.Elements("a", "b", "é", "\U0001F600", "\U0001F601").Select(Encoding.UTF8.GetBytes),
            Gen.Elements<byte>(0xC3, 0xF0, 0x9F, 0x80, 0xFF, 0xE0, 0xED).Select(value => new[] { value }));
        Gen<string> stops = Gen.Elements("a", "b", "é", "\U0001F600", "\uFFFD").NonEmptyListOf().Select(parts => string.Concat(parts.Take(4)));
        return from parts in characters.ListOf()
               from cuts in Gen.Choose(0, 4).ArrayOf(200)
               from stop in stops.ListOf()
               select (Split([.. parts.SelectMany(part => part)], cuts), stop.Take(3).ToArray());
    }

    private static byte[][] Split(byte[] bytes, int[] lengths)
    {
        List<byte[]> tokens = [];
        int at = 0;
        for (int index = 0; at < bytes.Length; index++)
        {
            int length = index < lengths.Length ? Math.Min(lengths[index], bytes.Length - at) : bytes.Length - at;
            tokens.Add(bytes[at..(at + length)]);
            at += length;
        }

        return [.. tokens];
    }
}
