using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Evaluation.Metrics.Meteor;

namespace PaliGguf.Evaluation.Tests.Metrics.Meteor;

public sealed class NltkMeteorTests
{
    [Theory]
    [InlineData("cat", 0.5)]
    [InlineData("a cat", 0.9375)]
    [InlineData("a cat sleeps here", 0.9921875)]
    public void A_prediction_that_is_its_reference_is_never_quite_1(string text, double expected) =>
        Assert.Equal(expected, NltkMeteor.Score([text], [[text]]).Score, 12);

    [Fact]
    public void Words_are_paired_once_and_greedily_from_the_end()
    {
        Gen<string[]> sentence = Gen.Elements("a", "b", "c", "run", "running", "cats", "cat").ArrayOf();
        Prop.ForAll(sentence.ToArbitrary(), sentence.ToArbitrary(), (prediction, reference) =>
            NltkMeteor.ScoreTokens([prediction], [[reference]]).Pairs[0][0].Matches.SequenceEqual(Slowly(prediction, reference)))
                .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_score_of_a_corpus_is_the_mean() => Assert.Equal(0.25, NltkMeteor.Score(["cat", "dog"], [["cat"], ["bird"]]).Score, 12);

    // By loops over the words that are left, as the original is written.
    private static IEnumerable<(int, int)> Slowly(string[] prediction, string[] reference)
    {
        List<(int Place, string Word)> ours = [.. prediction.Index()];
        List<(int Place, string Word)> theirs = [.. reference.Index()];
        List<(int, int)> matches = [];
        foreach (Func<string, string> form in new Func<string,
            string>[] { word => word, PaliGguf.Evaluation.Metrics.Tokenization.PorterStemmer.Stem })
        {
            for (int i = ours.Count - 1; i >= 0; i--)
            {
                int j = theirs.FindLastIndex(other => form(other.Word) == form(ours[i].Word));
                if (j < 0) continue;
                matches.Add((ours[i].Place, theirs[j].Place));
                ours.RemoveAt(i);
                theirs.RemoveAt(j);
            }
        }

        return matches.Order();
    }
}
