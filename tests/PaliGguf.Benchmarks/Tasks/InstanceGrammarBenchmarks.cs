using System.Text;
using BenchmarkDotNet.Attributes;
using PaliGguf.Language;
using PaliGguf.Tasks;

namespace PaliGguf.Benchmarks.Tasks;

/// <summary>Which tokens an answer to <c>detect</c> or <c>segment</c> may go on with, over 64 of its tokens.</summary>
public class InstanceGrammarBenchmarks
{
    private const int Tokens = 64;
    private const int EndOfSequence = 0;

    private static readonly string[] Texts = ["", " ", ";", " ;", " ; ", "cat", " cat", "dog", " dog"];

    private readonly PieceIndex _pieces = new(Texts.Length + 1024 + 128, EndOfSequence, Piece);

    [Benchmark]
    public int Detect() => Walk(InstanceGrammar.Detect(["cat", "dog"]));

    [Benchmark]
    public int Segment() => Walk(InstanceGrammar.Segment(["cat", "dog"]));

    private int Walk(InstanceGrammar grammar)
    {
        TokenConstraint state = grammar.Start(_pieces);
        int allowed = 0;
        for (int remaining = Tokens; remaining > 0; remaining--)
        {
            ReadOnlySpan<int> next = state.Allowed(remaining);
            allowed += next.Length;
            int token = next[next.Length / 2];
            if (token == EndOfSequence) break;
            state = state.After(token);
        }

        return allowed;
    }

    private static byte[] Piece(int token) => Encoding.UTF8.GetBytes(
        token < Texts.Length ? Texts[token]
        : token < Texts.Length + 1024 ? $"<loc{token - Texts.Length:D4}>"
        : $"<seg{token - Texts.Length - 1024:D3}>");
}
