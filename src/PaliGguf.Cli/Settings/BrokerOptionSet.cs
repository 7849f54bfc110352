using System.CommandLine;
using PaliGguf.Broker.Connections;

namespace PaliGguf.Cli.Settings;

/// <summary>The options of what works over a broker, settings like <see cref="CommonOptions"/>.</summary>
internal static class BrokerOptionSet
{
    private static readonly Option<string> Broker = CommonOptions.Of<string>(
        "--broker", "The RabbitMQ broker between the machines of a job: amqps://HOST[:PORT][/VHOST]. User and password come from "
            + "PALIGGUF_BROKER_USER and PALIGGUF_BROKER_PASSWORD.", "ADDRESS");

    /// <summary>Those of both sides.</summary>
    public static IReadOnlyList<Option> Common { get; } =
    [
        Broker,
        CommonOptions.Of<string>("--job", "What the job is called; whoever asks and whoever answers say the same. Default: default.", "NAME"),
        CommonOptions.Of<string>("--broker-ca", "A PEM file of the authorities that the broker is trusted by. Default: the system's.", "FILE"),
    ];

    /// <summary>Those of who asks.</summary>
    public static IReadOnlyList<Option> Asking { get; } =
    [
        CommonOptions.Of<string>(
            "--inline", "With --broker: the largest picture that travels in its message, up to 16MiB; larger ones go by their path, which "
                + "workers must see. 0 for none. Default: 1MiB.", "SIZE"),
        CommonOptions.Of<int>("--window", "With --broker: how many pictures may be out at once. Default: 1024.", "N"),
    ];

    /// <summary>Those of workers.</summary>
    public static IReadOnlyList<Option> Working { get; } =
    [
        CommonOptions.Of<int>(
            "--tries", "How often a picture that came back without an answer is begun again before it is given up. Default: 3.", "N"),
        CommonOptions.Of<string>("--health", "Tell health and metrics over HTTP there: http://ADDRESS:PORT, * for all addresses.", "URL"),
        CommonOptions.Of<string[]>(
            "--allow", "A folder whose pictures may be read; may be given several times. Default: none.", "DIR"),
        CommonOptions.Of<string[]>(
            "--allow-host", "A host that pictures may be fetched from, over https and from public addresses; or an origin as it is, "
                + "http://10.0.0.5:9000. May be given several times. Default: none.", "HOST"),
    ];

    public static IReadOnlyList<Option> All { get; } = [.. Common, .. Asking, .. Working];

    /// <summary>Refuses a password on the command line, which everybody on the machine can read.</summary>
    /// <exception cref="UsageException">There is one.</exception>
    public static void Check(ParseResult parse)
    {
        if (parse.GetResult(Broker) is { Implicit: false, Tokens: [.., { Value: { } address }] } && BrokerAddress.HasPassword(address))
        {
            throw new UsageException("--broker holds a password, which everybody on this machine can read: leave it out there, and set "
                + "PALIGGUF_BROKER_PASSWORD (or PALIGGUF_BROKER to the whole address).");
        }
    }
}
