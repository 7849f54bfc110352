using PaliGguf.Language;
using PaliGguf.Tasks;

namespace PaliGguf.Tests.Tasks;

public sealed class InstanceGrammarTests
{
    private const int Plenty = 1000;

    private static readonly ToyVocabulary Toy = new(
        " ", ";", "a", "b", "c", " a", "ab", "a ", "a b", " ;", "; ", " ; ", "b ;", "a ;", " ; c", "b ; ", "abc", "x", " x", "a\n");

    [Theory]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("a b")]
    [InlineData("a", "ab", "abc")]
    [InlineData("a", "a b", "b", "a ab")]
    public void Any_tokenization_of_label_and_separator_is_accepted_and_nothing_else(params string[] labels)
    {
        TokenConstraint afterBox = Walk(InstanceGrammar.Detect(labels).Start(Toy.Pieces), Location(1), Location(2), Location(3), Location(4));
        const int Longest = 6;
        HashSet<string> ends = [];
        HashSet<string> next = [];
        Explore(afterBox, [], Longest, ends, next);

        string[] texts = labels.Select(label => " " + label).ToArray();
        List<int[]> all = Sequences("", Longest, text => texts.Any(whole => (whole + " ; ").StartsWith(text, StringComparison.Ordinal))).ToList();
        Assert.Equal(all.Where(tokens => texts.Contains(Toy.Text(tokens))).Select(Name).Order(), ends.Order());
        Assert.Equal(all.Where(tokens => texts.Any(text => text + " ; " == Toy.Text(tokens))).Select(Name).Order(), next.Order());
        Assert.NotEmpty(ends);
        Assert.NotEmpty(next);
    }

    [Fact]
    public void An_answer_may_be_empty_but_not_end_within_an_instance_or_after_a_separator()
    {
        TokenConstraint state = InstanceGrammar.Detect(["ab"]).Start(Toy.Pieces);
        Assert.True(MayEnd(state));
        foreach (int token in new[] { Location(1), Location(2), Location(3), Location(4), Id(" a") })
        {
            state = state.After(token);
            Assert.False(MayEnd(state));
        }

        state = state.After(Id("b"));
        Assert.True(MayEnd(state));
        state = state.After(Id(" ; "));
        Assert.False(MayEnd(state));
        Assert.Equal(Enumerable.Range(Toy.FirstLocation, 1023), state.Allowed(Plenty).ToArray());
    }

    [Fact]
    public void Boxes_have_an_extent()
    {
        TokenConstraint start = InstanceGrammar.Detect(["a"]).Start(Toy.Pieces);
        Assert.Equal([0, .. Enumerable.Range(Toy.FirstLocation, 1023)], start.Allowed(Plenty).ToArray());
        TokenConstraint x = start.After(Location(1000));
        Assert.Equal(Enumerable.Range(Toy.FirstLocation, 1023), x.Allowed(Plenty).ToArray());
        TokenConstraint yMax = x.After(Location(1022));
        Assert.Equal(Enumerable.Range(Location(1001), 23), yMax.Allowed(Plenty).ToArray());
        Assert.Equal([Location(1023)], yMax.After(Location(1001)).Allowed(Plenty).ToArray());
    }

    [Fact]
    public void Segments_have_sixteen_codewords_between_box_and_label()
    {
        TokenConstraint state = Walk(InstanceGrammar.Segment(["a"]).Start(Toy.Pieces), Location(0), Location(0), Location(9), Location(9));
        for (int codeword = 0; codeword < 16; codeword++)
        {
            Assert.Equal(Enumerable.Range(Toy.FirstCodeword, 128), state.Allowed(Plenty).ToArray());
            state = state.After(Toy.FirstCodeword + codeword);
        }

        Assert.Equal([Id(" "), Id(" a")], state.Allowed(Plenty).ToArray());
    }

    [Fact]
    public void Each_token_is_allowed_once_though_several_labels_begin_with_it()
    {
        TokenConstraint label = Walk(InstanceGrammar.Detect(["a", "ab", "a b"]).Start(Toy.Pieces), Location(0), Location(0), Location(9), Location(9));
        Assert.Equal([Id(" "), Id(" a")], label.Allowed(Plenty).ToArray());
    }

    [Theory]
    [InlineData(false, "a")]
    [InlineData(true, "a b")]
    [InlineData(false, "a", "ab", "c", "c c c c")]
    public void Whatever_is_chosen_within_whatever_budget_the_answer_is_well_formed(bool segment, params string[] labels)
    {
        TokenConstraint start = (segment ? InstanceGrammar.Segment(labels) : InstanceGrammar.Detect(labels)).Start(Toy.Pieces);
        Random random = new(1);
        HashSet<int> instances = [];
        for (int round = 0; round < 1000; round++)
        {
            int budget = random.Next(0, 80);
            List<int> answer = [];
            // Never ends by itself where it can go on, as an untrained model might.
            for (TokenConstraint state = start; ;)
            {
                int[] allowed = state.Allowed(budget - answer.Count).ToArray();
                int[] going = allowed.Where(token => token != ToyVocabulary.EndOfSequence).ToArray();
                if (going.Length == 0) break;
                answer.Add(going[random.Next(going.Length)]);
                state = state.After(answer[^1]);
            }

            string text = Toy.Text(answer);
            Assert.InRange(answer.Count, 0, budget);
            Assert.True(AnswerForm.IsWellFormed(text, labels, segment), text);
            instances.Add(text.Split(';').Length);
        }

        Assert.True(instances.Count > 1);
    }

    [Fact]
    public void An_instance_begins_only_where_any_of_the_labels_fits()
    {
        // Four locations, and " ", "c", " ", "c" for the longest label.
        TokenConstraint start = InstanceGrammar.Detect(["a", "c c"]).Start(Toy.Pieces);
        Assert.Equal([ToyVocabulary.EndOfSequence], start.Allowed(7).ToArray());
        Assert.Equal(1024, start.Allowed(8).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("cat ; dog")]
    [InlineData("<loc0001>")]
    [InlineData("a<seg")]
    public void Labels_that_would_be_ambiguous_in_an_answer_are_refused(string label) =>
        Assert.Throws<ArgumentException>(() => InstanceGrammar.Detect(["cat", label]));

    [Fact]
    public void No_label_is_refused() => Assert.Throws<ArgumentException>(() => InstanceGrammar.Segment([]));

    [Fact]
    public void A_vocabulary_without_locations_is_refused_by_name()
    {
        PieceIndex pieces = new(300, 0, token => [(byte)token]);
        InferenceException refusal = Assert.Throws<InferenceException>(() => InstanceGrammar.Detect(["a"]).Start(pieces));
        Assert.Contains("<loc0000>", refusal.Message, StringComparison.Ordinal);
    }

    private static int Location(int bin) => Toy.FirstLocation + bin;

    private static int Id(string text) => Toy.TextTokens.First(token => Toy.Text(token) == text);

    private static bool MayEnd(TokenConstraint state) => state.Allowed(Plenty).Contains(ToyVocabulary.EndOfSequence);

    private static TokenConstraint Walk(TokenConstraint state, params int[] tokens) => tokens.Aggregate(state, (at, token) => at.After(token));

    private static string Name(IEnumerable<int> tokens) => string.Join(',', tokens);

    /// <summary>All token sequences after which the answer may end, and all after which a box must begin.</summary>
    private static void Explore(TokenConstraint state, int[] tokens, int left, HashSet<string> ends, HashSet<string> next)
    {
        int[] allowed = state.Allowed(Plenty).ToArray();
        if (allowed.Contains(ToyVocabulary.EndOfSequence)) ends.Add(Name(tokens));
        if (allowed.Contains(Location(0)))
        {
            next.Add(Name(tokens));
            return;
        }

        foreach (int token in allowed.Where(token => token != ToyVocabulary.EndOfSequence && left > 0))
        {
            Explore(state.After(token), [.. tokens, token], left - 1, ends, next);
        }
    }

    private static IEnumerable<int[]> Sequences(string text, int left, Func<string, bool> mayBegin)
    {
        if (left == 0) yield break;
        foreach (int token in Toy.TextTokens.Where(token => mayBegin(text + Toy.Text(token))))
        {
            yield return [token];
            foreach (int[] rest in Sequences(text + Toy.Text(token), left - 1, mayBegin)) yield return [token, .. rest];
        }
    }
}
