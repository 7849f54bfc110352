using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PaliGguf.Broker.Connections;
using PaliGguf.Tests;
using RabbitMQ.Client;

namespace PaliGguf.Broker.Tests.Rabbit;

/// <summary>A RabbitMQ server on this computer alone, with a name, ports and a folder of its own.</summary>
public sealed class RabbitServer : IAsyncLifetime, IDisposable
{
    // As Debian installs it; the script beside it wants to be another user.
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly int _port, _tlsPort, _distributionPort, _mapperPort;
    private readonly ConcurrentQueue<string> _said = [];
    private Process? _process;

    public RabbitServer()
    {
        int[] ports = FreePorts(4);
        (_port, _tlsPort, _distributionPort, _mapperPort) = (ports[0], ports[1], ports[2], ports[3]);
    }

    public static bool IsInstalled => OperatingSystem.IsLinux() && File.Exists(Program);

    /// <summary>Its port for clients.</summary>
    public int Port => _port;

    /// <summary>Its port for clients that encrypt. It shows a certificate for "localhost".</summary>
    public int TlsPort => _tlsPort;

    /// <summary>The file of the authority that vouches for it, by another in between.</summary>
    public string Authority => _folder.File("authority.pem");

    /// <summary>Where it is.</summary>
    internal BrokerAddress Address => BrokerAddress.Parse($"amqp://127.0.0.1:{_port}");

    public async Task InitializeAsync()
    {
        if (!OperatingSystem.IsLinux() || !IsInstalled) return;
        Directory.CreateDirectory(_folder.File("home"));
        string cookie = _folder.File("home/.erlang.cookie");
        await File.WriteAllTextAsync(cookie, Guid.NewGuid().ToString("N"));
        File.SetUnixFileMode(cookie, UnixFileMode.UserRead);
        await File.WriteAllTextAsync(_folder.File("plugins"), "[].");
        using (TestAuthority authority = new("authority of the broker's tests"))
        {
            await File.WriteAllTextAsync(Authority, authority.Pem);
            (string certificate, string key, string between) = authority.Issue("localhost");
            await File.WriteAllTextAsync(_folder.File("certificate.pem"), certificate);
            await File.WriteAllTextAsync(_folder.File("key.pem"), key);
            await File.WriteAllTextAsync(_folder.File("between.pem"), between);
        }

        await File.WriteAllTextAsync(_folder.File("rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{_port}
            listeners.ssl.1 = 127.0.0.1:{_tlsPort}
            ssl_options.cacertfile = {_folder.File("between.pem")}
            ssl_options.certfile = {_folder.File("certificate.pem")}
            ssl_options.keyfile = {_folder.File("key.pem")}
            log.console = true
            log.console.level = error
            log.file = false
            """);
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_process is null) return;
        Kill();
        await RunAsync("epmd", "-port", $"{_mapperPort}", "-kill");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Starts it, with the queues that it had.</summary>
    public async Task StartAsync()
    {
        _process = Start(Program);
        DataReceivedEventHandler listen = (_, line) => _said.Enqueue(line.Data ?? "");
        _process.OutputDataReceived += listen;
        _process.ErrorDataReceived += listen;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await using IConnection connection = await ConnectAsync();
                return;
            }
            catch (Exception) when (!_process.HasExited && Stopwatch.GetElapsedTime(start) < StartLimit)
            {
                await Task.Delay(100);
            }
            catch (Exception error)
            {
                Kill();
                string said = string.Join('\n', _said);
                throw new InvalidOperationException($"The broker did not start at port {_port}. It said: {said}", error);
            }
        }
    }

    /// <summary>Ends it as a power failure does.</summary>
    public void Kill()
    {
        _process!.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Connects to it, without anything of ours.</summary>
    public Task<IConnection> ConnectAsync() =>
        new ConnectionFactory { HostName = "127.0.0.1", Port = _port, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();

    private Process Start(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("RABBITMQ", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        foreach ((string name, string value) in Variables()) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private Dictionary<string, string> Variables() => new(StringComparer.Ordinal)
    {
        ["HOME"] = _folder.File("home"),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["ERL_EPMD_PORT"] = $"{_mapperPort}",
        ["RABBITMQ_NODENAME"] = $"paligguf{_port}@localhost",
        ["RABBITMQ_DIST_PORT"] = $"{_distributionPort}",
        ["RABBITMQ_CONFIG_FILE"] = _folder.File("rabbitmq.conf"),
        ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
        ["RABBITMQ_MNESIA_BASE"] = _folder.File("data"),
        ["RABBITMQ_LOG_BASE"] = _folder.File("log"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = _folder.File("plugins"),
        // Threads that spin while they wait would take the cores from the workers.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+sbwt none +sbwtdcpu none +sbwtdio none",
    };

    private async Task RunAsync(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        await process.WaitForExitAsync();
    }

    // None of those that the system gives to whoever asks for any (from 32768 on Linux), or another test's connection may have taken
    // one before the server listens there.
    private static int[] FreePorts(int count)
    {
        List<TcpListener> free = [];
        while (free.Count < count)
        {
            TcpListener listener = new(IPAddress.Loopback, Random.Shared.Next(20_000, 32_000));
            try
            {
                listener.Start();
                free.Add(listener);
            }
            catch (SocketException)
            {
                listener.Dispose();
            }
        }

        int[] ports = [.. free.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        free.ForEach(listener => listener.Dispose());
        return ports;
    }
}

/// <summary>The tests of one broker. It takes seconds to start, so they share it, one after the other, each with a job of its own.</summary>
[CollectionDefinition(Name)]
public sealed class RabbitCollection : ICollectionFixture<RabbitServer>
{
    public const string Name = "RabbitMQ";
}
