using System.CommandLine;
using System.Globalization;
using System.Numerics;
using PaliGguf.Scenes.Assets;
using PaliGguf.Scenes.Output;

namespace PaliGguf.Scenes;

/// <summary>The options that say which scenes are drawn.</summary>
internal sealed class SceneOptions
{
    private readonly Option<int> _scenes = new("--scenes")
    {
        Description = "How many.",
        HelpName = "N",
        DefaultValueFactory = _ => 500,
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Another number is another sequence of scenes.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<long> _first = new("--first")
    {
        Description = "The first scene's number in its sequence: a later leg begins where the last ended. Default: 0.",
        HelpName = "N",
    };

    private readonly Option<int> _side = new("--side")
    {
        Description = "The pictures' side in pixels.",
        HelpName = "N",
        DefaultValueFactory = _ => 224,
    };

    private readonly Option<Difficulty> _difficulty = new("--difficulty")
    {
        Description = "How much a scene asks of who looks at it.",
        HelpName = "easy|middle|hard",
        DefaultValueFactory = _ => Difficulty.Hard,
    };

    private readonly Option<double> _words = new("--words")
    {
        Description = "How often a scene has a word.",
        HelpName = "PART",
        DefaultValueFactory = _ => SceneRules.UsualWords,
    };

    private readonly Option<int> _threads = new("--threads")
    {
        Description = "How many scenes are drawn at once.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private readonly Option<string?> _sets = new("--sets")
    {
        Description = $"Sets of emoji. Default: all but {AssetPackages.HeldOut}.",
        HelpName = "A,B",
    };

    private readonly Option<string> _assets = new("--assets")
    {
        Description = "Where packages of emoji, fonts and words lie, and are fetched to by npm.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => AssetCache.DefaultFolder,
    };

    public SceneOptions()
    {
        Between(_scenes, 1, 10_000_000);
        Between(_first, 0, 1L << 40);
        Between(_side, 32, 1024);
        Between(_words, 0, 1);
        Between(_threads, 1, 64);
    }

    /// <summary>Refuses a number out of a range.</summary>
    public static void Between<T>(Option<T> option, T least, T most)
        where T : struct, INumber<T> => option.Validators.Add(result =>
        {
            string? text = result.Tokens.Count == 1 ? result.Tokens[0].Value : null;
            if (T.TryParse(text, CultureInfo.InvariantCulture, out T value) && !(value >= least && value <= most))
            {
                result.AddError($"{option.Name} is {text}; expected {least} to {most}");
            }
        });

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _scenes, _seed, _first, _side, _difficulty, _words, _threads, _sets }) command.Add(option);
        AddAssetsTo(command);
    }

    public void AddAssetsTo(Command command) => command.Add(_assets);

    public AssetCache Cache(ParseResult parse) => new(parse.GetRequiredValue(_assets));

    public SceneSettings Settings(ParseResult parse) => new()
    {
        Count = parse.GetValue(_scenes),
        Seed = parse.GetValue(_seed),
        First = parse.GetValue(_first),
        Side = parse.GetValue(_side),
        Difficulty = parse.GetValue(_difficulty),
        Words = parse.GetValue(_words),
        Threads = parse.GetValue(_threads),
    };

    /// <summary>The names of the sets.</summary>
    public IReadOnlyList<string> Sets(ParseResult parse) => parse.GetValue(_sets) is { } names
        ? names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        : [.. AssetPackages.Emoji.Select(source => source.Name).Where(name => name != AssetPackages.HeldOut)];
}
