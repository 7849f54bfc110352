using System.CommandLine;
using PaliGguf.Training.Options;
using PaliGguf.Training.Runs;

namespace PaliGguf.Training;

/// <summary>The options of <c>paligguf train DATA</c>.</summary>
internal sealed class TrainOptions
{
    private readonly Argument<string> _data = new("DATA")
    {
        Description = "What to train on: JSON lines of image, prefix and suffix; COCO's captions or objects; a Parquet file; a folder of "
            + "these, or of pictures with a .txt beside each.",
    };

    private readonly Option<string> _output = new("--out")
    {
        Description = "The folder of the run; the same command goes on with what is there.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly ModelOptionGroup _model = new();

    // Some defaults follow from groups before.
    private readonly IReadOnlyList<IOptionGroup> _groups;

    public TrainOptions() =>
        _groups = [_model, new RunOptionGroup(), new TuningOptionGroup(), new OptimizerOptionGroup(), new DataOptionGroup()];

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_data);
        command.Add(_output);
        foreach (Option option in _groups.SelectMany(group => group.All)) command.Add(option);
    }

    /// <summary>The run that they ask for.</summary>
    /// <exception cref="PaliException">The model is not there, or a value is out of its range.</exception>
    public TrainingSettings Read(ParseResult parse)
    {
        TrainingSettings settings = new()
        {
            Model = _model.Files(parse),
            Data = parse.GetRequiredValue(_data),
            Output = parse.GetRequiredValue(_output),
        };
        return _groups.Aggregate(settings, (sum, group) => group.Apply(parse, sum));
    }
}
