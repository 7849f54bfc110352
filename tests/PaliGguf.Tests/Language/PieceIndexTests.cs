using System.Text;
using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

public sealed class PieceIndexTests
{
    [Fact]
    public void Finds_the_tokens_that_a_search_through_all_finds()
    {
        Random random = new(3);
        byte[] Text(int longest) => Enumerable.Range(0, random.Next(longest + 1)).Select(_ => (byte)random.Next(3)).ToArray();
        byte[][] texts = Enumerable.Range(0, 500).Select(_ => Text(6)).ToArray();
        PieceIndex pieces = new(texts.Length, 0, token => texts[token]);
        for (int round = 0; round < 500; round++)
        {
            byte[] text = Text(9);
            Assert.Equal(
                Enumerable.Range(0, texts.Length).Where(token => texts[token].Length > 0 && text.AsSpan().StartsWith(texts[token])),
                pieces.FindPrefixes(text).Order());
            Assert.Equal(text.Length > 0 && texts.Any(other => other.AsSpan().SequenceEqual(text)), pieces.Find(text) is not null);
        }
    }

    [Fact]
    public void Is_made_quickly_for_a_vocabulary_of_the_real_size()
    {
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
        PieceIndex pieces = new(257_152, 1, token => Encoding.UTF8.GetBytes($"piece{token}"));
        // Some 30 ms on an idle core; this is for what would take seconds.
        Assert.InRange(watch.ElapsedMilliseconds, 0, 2000);
        Assert.Equal(257_000, pieces.Find("piece257000"u8));
    }
}
