using System.Collections.Frozen;
using System.Globalization;

namespace PaliGguf.Evaluation.Metrics.Answers;

/// <summary>Words that VQA answers write in several ways, all in lower case: contractions that lack an apostrophe, and numbers.</summary>
internal static class VqaWords
{
    private const string Contractions =
        """
        'ow's'at 'twas ain't aren't can't could've couldn't couldn't've didn't doesn't don't hadn't hadn't've hasn't haven't he'd he'd've
        he's how'd how'll how's isn't it'd it'd've it'll ma'am might've mightn't mightn't've must've mustn't needn't not've o'clock
        oughtn't shan't she'd've should've shouldn't shouldn't've somebody'd've somebody'll somebody's someone'd someone'd've someone'll
        someone's something'd something'd've something'll that's there'd there'd've there're there's they'd they'd've they'll they're
        they've wasn't we'd've we've weren't what'll what're what's what've when's where'd where's where've who'd who'd've who'll who's
        who've why'll why're why's won't would've wouldn't wouldn't've y'all y'all'd've y'all'll you'd you'd've you'll you're you've
        """;

    private static readonly string[] Numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    /// <summary>What each is written as.</summary>
    public static FrozenDictionary<string, string> Replacements { get; } =
        Pairs().ToFrozenDictionary(pair => pair.Written, pair => pair.Meant, StringComparer.Ordinal);

    private static IEnumerable<(string Written, string Meant)> Pairs()
    {
        foreach (string word in Contractions.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            for (int i = 0; i < word.Length; i++)
            {
                if (word[i] == '\'') yield return (word.Remove(i, 1), word);
            }
        }

        // The official table has it the wrong way round.
        yield return ("somebody'd", "somebodyd");
        foreach ((int number, string word) in Numbers.Index()) yield return (word, number.ToString(CultureInfo.InvariantCulture));
        yield return ("none", "0");
    }
}
