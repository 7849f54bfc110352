using System.CommandLine;
using PaliGguf.Training.Runs;

namespace PaliGguf.Training.Options;

/// <summary>Options of the command line that belong together.</summary>
internal interface IOptionGroup
{
    /// <summary>They, in the order of the help.</summary>
    IReadOnlyList<Option> All { get; }

    /// <summary>Puts what they say into a run's settings.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="settings">What earlier groups have said: some defaults depend on it.</param>
    /// <exception cref="PaliException">A value is out of its range, or two do not go together.</exception>
    TrainingSettings Apply(ParseResult parse, TrainingSettings settings);
}
