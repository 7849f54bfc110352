using System.Globalization;
using System.Text;
using PaliGguf.Evaluation.Metrics.Meteor;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Metrics.Meteor;

public sealed class WordNetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public WordNetTests()
    {
        Write("noun", ["dog domestic_dog Canis_familiaris", "cat true_cat", "frump dog", "photo picture Pic"], "mice mouse");
        Write("verb", ["run go", "be exist"], "ran run\nis be");
        Write("adj", ["galore(ip) abundant", "happy glad(p)"], "");
        Write("adv", ["fast tight"], "");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dog", "dog frump")]
    [InlineData("DOGS", "dog frump")]
    [InlineData("ran", "go run")]
    [InlineData("happier", "")]
    [InlineData("happy", "glad happy")]
    [InlineData("galore", "abundant galore")]
    [InlineData("photos", "Pic photo picture")]
    [InlineData("domestic_dog", "dog")]
    [InlineData("unknown", "")]
    public void Gives_the_single_words_of_all_synsets(string word, string expected) =>
        Assert.Equal(expected, string.Join(' ', WordNet.Load(_folder.Path).Synonyms(word).Order(StringComparer.Ordinal)));

    [Fact]
    public void Synonyms_match_where_stems_are_words()
    {
        MeteorOptions options = new() { WordNet = WordNet.Load(_folder.Path) };
        Assert.Equal(0, NltkMeteor.ScoreTokens([["photo"]], [[["pic"]]], options).Score);
        Assert.Equal(0.5, NltkMeteor.ScoreTokens([["dog"]], [[["frumps"]]], options).Score, 12);
        Assert.Equal(0, NltkMeteor.ScoreTokens([["dog"]], [[["frumps"]]]).Score);
    }

    [Fact]
    public void A_missing_file_is_an_error()
    {
        File.Delete(_folder.File("verb.exc"));
        Assert.Contains("verb.exc", Assert.Throws<PaliException>(() => WordNet.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dog n 1 0 1")]
    [InlineData("dog n 99999999 0 1 1 00000000")]
    [InlineData("dog n 1 0 1 1 -5")]
    [InlineData("dog n 1 x 1 1 00000000")]
    [InlineData("dog")]
    public void A_malformed_index_is_an_error(string line)
    {
        File.WriteAllText(_folder.File("index.noun"), line + "\n");
        Assert.Contains("index.noun: line 1", Assert.Throws<PaliException>(() => WordNet.Load(_folder.Path))
            .Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(99_999_999)]
    public void An_offset_without_a_synset_is_an_error(int offset)
    {
        File.WriteAllText(_folder.File("index.noun"), $"dog n 1 0 1 1 {offset:D8}\n");
        WordNet wordNet = WordNet.Load(_folder.Path);
        Assert.Contains("data.noun", Assert.Throws<PaliException>(() => wordNet.Synonyms("dog")).Message, StringComparison.Ordinal);
    }

    // In the form of the database, with the licence's indentation at the beginning.
    private void Write(string part, string[] synsets, string exceptions)
    {
        StringBuilder data = new("  1 a line of the licence\n");
        Dictionary<string, List<int>> offsets = [];
        foreach (string synset in synsets)
        {
            string[] words = synset.Split(' ');
            foreach (string word in words)
            {
                string lemma = word.Split('(')[0].ToLowerInvariant();
                if (!offsets.TryGetValue(lemma, out List<int>? places)) offsets.Add(lemma, places = []);
                places.Add(data.Length);
            }

            string members = string.Join(' ', words.Select(word => word + " 0"));
            data.Append(CultureInfo.InvariantCulture, $"{data.Length:D8} 03 n {words.Length:x2} {members} 000 | a gloss\n");
        }

        IEnumerable<string> index =
            from entry in offsets
            orderby entry.Key
            let places = string.Join(' ', entry.Value.Select(place => place.ToString("D8", CultureInfo.InvariantCulture)))
            select $"{entry.Key} n {entry.Value.Count} 1 ~ {entry.Value.Count} 1 {places}";
        File.WriteAllText(_folder.File("data." + part), data.ToString());
        File.WriteAllText(_folder.File("index." + part), "  1 a line of the licence\n" + string.Join("\n", index) + "\n");
        File.WriteAllText(_folder.File(part + ".exc"), exceptions);
    }
}
