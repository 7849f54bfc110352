using System.CommandLine;
using PaliGguf.Training.Runs;

namespace PaliGguf.Training.Options;

/// <summary>The options of commands that look at a run without its data.</summary>
internal sealed class MadeUpRunOptions
{
    private const int ShortestText = 2, LongestText = 1 << 16;

    private readonly ModelOptionGroup _model = new();
    private readonly IReadOnlyList<IOptionGroup> _groups;

    private readonly Option<int> _tokens = OptionForms.Number(
        "--text-tokens", 44, ShortestText, LongestText, "Tokens of prefix and suffix together, of the longest example.");

    private readonly Option<bool> _json = OptionForms.Switch("--json", "Print JSON.");

    public MadeUpRunOptions() => _groups = [_model, new RunOptionGroup(), new TuningOptionGroup(), new OptimizerOptionGroup()];

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in _groups.SelectMany(group => group.All)) command.Add(option);
        command.Add(_tokens);
        command.Add(_json);
    }

    /// <summary>The run that they ask for.</summary>
    /// <exception cref="PaliException">The model is not there, or a value is out of its range.</exception>
    public TrainingSettings Read(ParseResult parse)
    {
        TrainingSettings settings = new() { Model = _model.Files(parse), Data = "", Output = "" };
        return _groups.Aggregate(settings, (sum, group) => group.Apply(parse, sum));
    }

    /// <summary>The tokens of an example's text.</summary>
    public int TextTokens(ParseResult parse) => parse.GetValue(_tokens);

    /// <summary>Whether JSON is wanted.</summary>
    public bool IsJson(ParseResult parse) => parse.GetValue(_json);
}
