using PaliGguf.Broker.Connections;
using PaliGguf.Broker.Messages;

namespace PaliGguf.Broker.Working;

/// <summary>How a worker works.</summary>
/// <param name="Broker">The broker.</param>
/// <param name="Job">The job.</param>
/// <param name="Model">The model that it answers with.</param>
internal sealed record WorkerOptions(BrokerAddress Broker, JobName Job, ModelFacts Model)
{
    /// <summary>How many answers the model decodes side by side, 1 to 256.</summary>
    public int Sequences { get; init; } = 4;

    /// <summary>
    /// How often a picture that came back from a worker without an answer is begun again, by whichever, before it is given up; 1 or more.
    /// </summary>
    public int Tries { get; init; } = 3;

    /// <summary>How often it looks how many pictures wait.</summary>
    public TimeSpan LookPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What it is called in answers and to operators.</summary>
    public string Name { get; init; } = FormattableString.Invariant($"{Environment.MachineName}:{Environment.ProcessId}");

    /// <summary>Told in a line what a user should know: that the broker is gone, for example.</summary>
    public Action<string> Tell { get; init; } = _ => { };
}
