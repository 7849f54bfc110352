using Microsoft.Extensions.Configuration;
using PaliGguf.Broker.Connections;
using PaliGguf.Broker.Messages;
using PaliGguf.Hosting.Pictures;

namespace PaliGguf.Cli.Settings;

/// <summary>What is set of a broker.</summary>
internal sealed class BrokerSettings(IConfiguration configuration) : SettingsSection(configuration)
{
    private const int MostTries = 1000, LargestWindow = 1 << 20;
    private const long DefaultInline = 1 << 20;

    /// <summary>The broker; null where all is done here.</summary>
    /// <exception cref="PaliException">Its address is none.</exception>
    public BrokerAddress? Broker => Text(nameof(Broker)) is { } address
        ? BrokerAddress.Parse(address, Text("BrokerUser"), Text("BrokerPassword"), Path("BrokerCa")) : null;

    public JobName Job => new(Text(nameof(Job)) ?? JobName.Default);

    public long Inline => Text(nameof(Inline)) is "0" ? 0
        : Bytes(nameof(Inline)) is not { } size ? DefaultInline
        : size <= ItemMessage.MostInline ? size : throw Invalid(nameof(Inline), Text(nameof(Inline))!, "at most 16MiB");

    public int Window => Integer(nameof(Window), 1, LargestWindow) ?? 1024;

    public int Tries => Integer(nameof(Tries), 1, MostTries) ?? 3;

    public string? Health => Text(nameof(Health));

    public IReadOnlyList<string> Folders => [.. List("Allow").Select(LocalPath)];

    public IReadOnlyList<string> Hosts => List("AllowHost").ToArray() is var hosts && hosts.FirstOrDefault(host => !RemotePictures.IsHost(host)) is { } bad
        ? throw Invalid("AllowHost", bad, "a host as example.org:8443, or an origin as http://10.0.0.5:9000")
        : hosts;
}
