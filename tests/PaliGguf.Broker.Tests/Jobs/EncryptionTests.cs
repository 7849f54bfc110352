using PaliGguf.Broker.Connections;
using PaliGguf.Broker.Tests.Rabbit;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Broker.Tests.Jobs;

/// <summary>Over amqps, with the broker that is meant and with none else.</summary>
[Collection(RabbitCollection.Name)]
public sealed class EncryptionTests(RabbitServer rabbit) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _end = new(TimeSpan.FromMinutes(1));

    public void Dispose()
    {
        _folder.Dispose();
        _end.Dispose();
    }

    [RabbitFact]
    public async Task A_job_is_done_where_its_own_authority_is_named()
    {
        using TestJob job = new(rabbit.TlsPort, rabbit.Port)
        {
            Address = BrokerAddress.Parse($"amqps://localhost:{rabbit.TlsPort}", authorities: rabbit.Authority),
        };
        Task worker = job.WorkAsync(_end.Token);
        Assert.Equal(50, (await job.CollectAsync(TestJob.Items(50)).WaitAsync(_end.Token)).Count);
        await _end.CancelAsync();
        await worker.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(job.Told.IsEmpty, string.Join('\n', job.Told));
    }

    [RabbitFact]
    public async Task Another_authority_is_told_in_one_line()
    {
        using TestAuthority stranger = new("a stranger");
        string other = _folder.File("stranger.pem");
        await File.WriteAllTextAsync(other, stranger.Pem);
        foreach (string line in await RefusedAsync("localhost", other))
        {
            Assert.Contains($"shows a certificate of an authority that is not trusted ('CN=in between', not of those that {other} names)", line);
            Assert.Contains("--broker-ca", line);
        }
    }

    [RabbitFact]
    public async Task Without_an_authority_of_its_own_those_of_the_system_are_asked_and_nothing_is_believed()
    {
        foreach (string line in await RefusedAsync("localhost", null)) Assert.Contains("not of those of the system", line);
    }

    [RabbitFact]
    public async Task Another_name_is_told_in_one_line()
    {
        foreach (string line in await RefusedAsync("127.0.0.1", rabbit.Authority))
            Assert.Contains("shows a certificate for localhost, not for 127.0.0.1", line);
    }

    [RabbitFact]
    public async Task A_file_without_certificates_is_told_in_one_line()
    {
        string empty = _folder.File("empty.pem");
        await File.WriteAllTextAsync(empty, "nothing\n");
        foreach (string line in await RefusedAsync("localhost", empty)) Assert.Contains($"{empty}: there is no certificate in it", line);
    }

    private async Task<string[]> RefusedAsync(string host, string? authority)
    {
        string[] broker = ["--broker", $"amqps://{host}:{rabbit.TlsPort}", .. authority is null ? [] : new[] { "--broker-ca", authority }];
        string[] batch = ["batch", BuiltProgram.Sample, "--task", "caption", "--out", _folder.File("a.jsonl"), .. broker];
        return [(await BuiltProgram.RunAsync(batch)).OneLineError(), Assert.Single((await BuiltProgram.RunAsync(["worker", .. broker])).Error.TrimEnd('\n').Split('\n'))];
    }
}
