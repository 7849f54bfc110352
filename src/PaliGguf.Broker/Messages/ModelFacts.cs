using PaliGguf.Evaluation.Journals;

namespace PaliGguf.Broker.Messages;

/// <summary>Which model answers: all that makes its answers another's.</summary>
/// <param name="Model">Its files.</param>
/// <param name="Adapters">Its adapters.</param>
/// <param name="Options">How it is loaded, as far as answers depend on it, by the names of the command line.</param>
internal sealed record ModelFacts(
    JournalModel Model, IReadOnlyList<JournalAdapter> Adapters, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>In what another differs.</summary>
    /// <returns>A line each, "there" for these; none where they are the same.</returns>
    public IEnumerable<string> Differences(ModelFacts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Header(this).Differences(Header(other));
    }

    private static JournalHeader Header(ModelFacts facts) => new("", "", facts.Model, facts.Adapters, facts.Options);
}
