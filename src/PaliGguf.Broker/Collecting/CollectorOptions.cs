using PaliGguf.Batch.Runs;
using PaliGguf.Broker.Connections;
using PaliGguf.Broker.Messages;

namespace PaliGguf.Broker.Collecting;

/// <summary>How a job is put to workers.</summary>
/// <param name="Broker">The broker.</param>
/// <param name="Job">The job.</param>
/// <param name="Model">The model that is to answer.</param>
/// <param name="Answers">What is asked, and how it is answered.</param>
internal sealed record CollectorOptions(BrokerAddress Broker, JobName Job, ModelFacts Model, AnswerOptions Answers)
{
    /// <summary>
    /// The largest picture that travels in its message, in bytes, 0 to 16 MiB. A larger one goes by its path, which workers must see.
    /// </summary>
    public long Inline { get; init; } = 1 << 20;

    /// <summary>
    /// How many pictures may be out at once, 1 or more; pictures in messages also as many as have 64 KiB for each of these together.
    /// </summary>
    public int Window { get; init; } = 1024;

    /// <summary>Tells rounds of the same questions apart, in which what has failed is asked again.</summary>
    public string Round { get; init; } = "";

    /// <summary>
    /// How long nothing comes, with nothing in the queues, until what is out is sent again; more where workers have had pictures for longer.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told in a line what a user should know: that the broker is gone, for example.</summary>
    public Action<string> Tell { get; init; } = _ => { };
}
