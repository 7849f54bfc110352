using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Tasks;

namespace PaliGguf.Tests.Tasks;

/// <summary>Whatever a model writes is taken apart without an exception and without loss.</summary>
public sealed class InstanceAnswerPropertyTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(1000);

    private static Gen<int> Location => Gen.Choose(0, 1023);

    private static Gen<string> Label => Gen.Elements("cat", "big dog", "ส้ม", "a-b", "Ω");

    /// <summary>Texts made of what answers are made of, in any order.</summary>
    private static Gen<string> TokenSequences => Gen.OneOf(
        Location.Select(bin => $"<loc{bin:D4}>"),
        Gen.Choose(0, 127).Select(codeword => $"<seg{codeword:D3}>"),
        Label,
        Gen.Elements(" ; ", ";", " ", "\n", "<loc", "<seg", ">", "<loc1024>", "<loc9999>", "<seg128>", "\ud83d", "\0"))
        .ListOf().Select(string.Concat);

    private static Gen<AnsweredInstance> Instances(bool masks) =>
        from y in Span
        from x in Span
        from codewords in Gen.Choose(0, 127).ListOf(masks ? 16 : 0)
        from label in Label
        select new AnsweredInstance(label, [y.From, x.From, y.To, x.To], [.. codewords], 0, 0);

    private static Gen<(int From, int To)> Span => from start in Gen.Choose(0, 1022) from end in Gen.Choose(start + 1, 1023) select (start, end);

    [Fact]
    public void Any_text_is_taken_apart_without_loss() =>
        Check.One(Thorough, Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => text is null || KeepsAll(text)));

    [Fact]
    public void Any_sequence_of_tokens_is_taken_apart_without_loss() => Check.One(Thorough, Prop.ForAll(TokenSequences.ToArbitrary(), KeepsAll));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_written_is_read_again(bool masks) => Check.One(Thorough, Prop.ForAll(Instances(masks).ListOf().ToArbitrary(), instances =>
    {
        InstanceAnswer answer = InstanceAnswer.Parse(InstanceAnswer.Format(instances), masks, instances.Select(instance => instance.Label).ToArray());
        return answer.Rejected.IsEmpty && answer.Instances.Select(Content).SequenceEqual(instances.Select(Content));
    }));

    [Fact]
    public void What_is_read_is_written_again() => Check.One(Thorough, Prop.ForAll(TokenSequences.ToArbitrary(), text =>
    {
        InstanceAnswer answer = InstanceAnswer.Parse(text, masks: false);
        InstanceAnswer again = InstanceAnswer.Parse(InstanceAnswer.Format(answer.Instances), masks: false);
        return again.Rejected.IsEmpty && again.Instances.Select(Content).SequenceEqual(answer.Instances.Select(Content));
    }));

    private static string Content(AnsweredInstance instance) => $"{string.Join(',', instance.Locations)}|{string.Join(',', instance.Codewords)}|{instance.Label}";

    /// <summary>Beside instances and rejected parts, all in their order, there are only separators and white space; and every instance is sound.</summary>
    private static bool KeepsAll(string text) => new[] { false, true }.All(masks => new[] { false, true }.All(truncated =>
    {
        InstanceAnswer answer = InstanceAnswer.Parse(text, masks, masks ? ["cat", "big dog"] : null, truncated);
        bool sound = answer.Instances.All(instance =>
            instance.Box is { YMin: >= 0, XMin: >= 0, YMax: <= 1, XMax: <= 1 } box && box.YMin < box.YMax && box.XMin < box.XMax
            && instance.Codewords.Length == (masks ? 16 : 0) && instance.Label.Length > 0);
        string expected = Essence(text);
        string found = Essence(string.Concat(Parts(answer)));
        return sound && expected == found;
    }));

    private static IEnumerable<string> Parts(InstanceAnswer answer)
    {
        // Rejected parts say what they are, not where: each is looked for after what has been accounted for.
        int position = 0;
        int rejected = 0;
        foreach (AnsweredInstance instance in answer.Instances.Append(new AnsweredInstance("", [], [], answer.Text.Length, 0)))
        {
            while (rejected < answer.Rejected.Length)
            {
                string part = answer.Rejected[rejected].Text;
                int at = answer.Text.IndexOf(part, position, instance.Start - position, StringComparison.Ordinal);
                if (at < 0) break;
                position = at + part.Length;
                rejected++;
                yield return part;
            }

            yield return answer.Text.Substring(instance.Start, instance.Length);
            position = instance.Start + instance.Length;
        }

        while (rejected < answer.Rejected.Length) yield return "lost: " + answer.Rejected[rejected++].Text;
    }

    private static string Essence(string text) => string.Concat(text.Where(character => character != ';' && !char.IsWhiteSpace(character)));
}
