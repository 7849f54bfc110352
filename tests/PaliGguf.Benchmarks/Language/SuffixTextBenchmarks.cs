using System.Text;
using BenchmarkDotNet.Attributes;
using PaliGguf.Language;

namespace PaliGguf.Benchmarks.Language;

/// <summary>The text of an answer of 128 tokens as it grows: Thai in tokens of two bytes, so that most characters come in parts.</summary>
public class SuffixTextBenchmarks
{
    private const int Tokens = 128;

    private readonly byte[] _answer = [.. Enumerable.Repeat(Encoding.UTF8.GetBytes("เต่าหนึ่งตัวบนพื้นหลังสีส้ม"), 4).SelectMany(text => text).Take(2 * Tokens)];

    [Benchmark(Baseline = true)]
    public int Plain() => Append(new SuffixText([]));

    [Benchmark]
    public int WithStopTexts() => Append(new SuffixText(["\n\n", "ผู้ใช้:"]));

    private int Append(SuffixText text)
    {
        int characters = 0;
        for (int token = 0; token < Tokens; token++) characters += text.Append(_answer.AsSpan(2 * token, 2)).Length;
        return characters + text.Complete().Length;
    }
}
