using System.Text;
using PaliGguf.Conversion;
using PaliGguf.Conversion.Bert;
using PaliGguf.Evaluation.Metrics.Bert;
using PaliGguf.Evaluation.Metrics.Meteor;
using PaliGguf.Evaluation.Metrics.Thai;

namespace PaliGguf.Fuzz.Targets;

/// <summary>The words that metrics know, and a BERT's configuration. Where a text is split by them, it is the last part of the input.</summary>
internal static class WordTargets
{
    private const int Rows = 400;
    private const int LongestText = 512;

    private static readonly string[] MeteorFiles =
        ["synonym/english.synsets", "synonym/english.exceptions", "nonbreaking/english.prefixes", "function/english.words"];

    private static readonly string[] PartsOfSpeech = ["noun", "verb", "adj", "adv"];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Of("bert-config", ["config.json"], paths =>
        {
            string folder = Path.GetDirectoryName(paths[0])!;
            if (!BertConverter.Recognizes(folder)) return;
            BertConfig config = BertConfig.Read(folder);
            ScoreLayers.Choose(config, [config.SavedAs, folder], chosen: null);
        }),
        Of("wordpiece", ["vocab.txt", "tokenizer_config.json", "text"], paths =>
        {
            WordPieceTokenizer tokenizer = new(WordPieceVocabulary.Read(Path.GetDirectoryName(paths[0])!, Rows));
            int[] tokens = tokenizer.Encode(Text(paths[2]));
            if (tokens.Any(token => token < 0 || token >= tokenizer.Count)) throw new InvalidOperationException("There is no such token.");
        }),
        Of("bert-baseline", ["baseline.tsv"], paths => BertBaseline.Read(paths[0], layer: 9)),
        Of("meteor", [.. MeteorFiles, "text"], paths =>
        {
            Meteor15 meteor = new(MeteorResources.Load(Path.GetDirectoryName(paths[^1])!));
            string[] texts = Text(paths[^1]).Split('\n');
            if (texts.All(text => text.Length <= LongestText)) meteor.ScoreEach([texts[0]], [texts]);
        }),
        Of(
            "wordnet",
            [.. PartsOfSpeech.SelectMany(part => new[] { "index." + part, "data." + part, part + ".exc" }), "text"],
            paths =>
            {
                WordNet words = WordNet.Load(Path.GetDirectoryName(paths[0])!);
                foreach (string word in Text(paths[^1]).Split(' ')) words.Synonyms(word);
            }),
        Of("thai-words", ["words.txt", "text"], paths =>
        {
            string text = Text(paths[1]);
            string words = string.Concat(new NewmmTokenizer(ThaiWordList.Load(paths[0])).Tokenize(text));
            if (words != text) throw new InvalidOperationException("The words are not the text.");
        }),
    ];

    private static FuzzTarget Of(string name, string[] files, Action<IReadOnlyList<string>> read) =>
        FuzzTarget.OfFiles(name, files, read, failure => failure is PaliException);

    private static string Text(string path) => Encoding.UTF8.GetString(File.ReadAllBytes(path));
}
