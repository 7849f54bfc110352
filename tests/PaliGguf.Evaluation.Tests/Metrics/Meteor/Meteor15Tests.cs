using PaliGguf.Evaluation.Metrics.Meteor;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Metrics.Meteor;

public sealed class Meteor15Tests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("consistency", "consist")]
    [InlineData("consignment", "consign")]
    [InlineData("knightly", "knight")]
    [InlineData("generously", "generous")]
    [InlineData("skies", "sky")]
    [InlineData("dying", "die")]
    [InlineData("hopping", "hop")]
    [InlineData("hoping", "hope")]
    [InlineData("happy", "happi")]
    [InlineData("cry", "cri")]
    [InlineData("say", "say")]
    [InlineData("nationalization", "nation")]
    [InlineData("gas", "gas")]
    [InlineData("gaps", "gap")]
    [InlineData("ties", "tie")]
    [InlineData("y's", "y")]
    [InlineData("", "")]
    public void Words_have_the_stems_of_Porters_second_algorithm(string word, string stem) => Assert.Equal(stem, EnglishStemmer.Stem(word));

    [Theory]
    [InlineData("It's 1,000 dogs, isn't it?", "it 's 1,000 dogs , isn 't it ?")]
    [InlineData("The well-known U.S. team...", "the well known us team ...")]
    [InlineData("“Yes” -- he said.", "\" yes \" - he said .")]
    [InlineData("No. 5 e.g. x", "no . 5 eg x")]
    [InlineData("แมว😀", "แ ม ว 😀")]
    [InlineData(" \t ", "")]
    public void Texts_are_split_as_METEOR_normalizes_English(string text, string words) =>
        Assert.Equal(words, string.Join(' ', MeteorNormalization.Words(text, MeteorFacts.Resources)));

    [Fact]
    public void Data_are_read_from_the_originals_folder()
    {
        Write("function/english.words", "the\n");
        Write("synonym/english.synsets", "big\n1 2\nlarge\n2\nox\n7\nbovine\n7\n");
        Write("synonym/english.exceptions", "ox\noxen\n");
        Write("nonbreaking/english.prefixes", "# kinds\nNo #NUMERIC_ONLY#\nMr\n");
        MeteorResources resources = MeteorResources.Load(_folder.Path);

        Assert.True(resources.IsFunctionWord("the"));
        Assert.Equal([7], resources.SetsOf("oxen"));
        Assert.Equal([2], resources.SetsOf("larges"));
        Assert.Equal(["mr.", "no.", "5", "no", "."], MeteorNormalization.Words("Mr. No. 5 No.", resources));

        Write("synonym/english.synsets", "big\nx\n");
        Assert.Contains("line 2: expected numbers", Assert.Throws<PaliException>(() => MeteorResources.Load(_folder.Path)).Message);
        Write("synonym/english.synsets", "big\n1\nlarge\n");
        Assert.Contains("3 lines", Assert.Throws<PaliException>(() => MeteorResources.Load(_folder.Path)).Message);
        File.Delete(_folder.File("synonym/english.synsets"));
        Assert.Contains("english.synsets", Assert.Throws<PaliException>(() => MeteorResources.Load(_folder.Path)).Message);
    }

    [Fact]
    public void The_longest_texts_are_scored_and_longer_ones_refused()
    {
        Meteor15 meteor = new(MeteorFacts.Resources);
        string same = string.Join(' ', Enumerable.Repeat("dog", 512));
        Assert.Equal(1, meteor.ScoreEach([same], [[same]])[0].Score);
        Assert.Throws<ArgumentException>(() => meteor.ScoreEach([same + " dog"], [["dog"]]));
        Assert.Throws<ArgumentException>(() => meteor.ScoreEach(["dog"], [[]]));
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllText(_folder.File(name), text);
    }
}
