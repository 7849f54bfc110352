using System.Diagnostics;
using System.Text.Json;
using PaliGguf.Broker.Tests.Rabbit;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Broker.Tests.Jobs;

/// <summary>A job of pictures in messages, by shared paths and by addresses, of which workers fetch those that they are allowed to.</summary>
[Collection(RabbitCollection.Name)]
public sealed class AddressTests(RabbitServer rabbit) : IDisposable
{
    private static readonly string Scenes = Path.Combine(Repository.PaliNano, "samples");

    private readonly TemporaryFolder _folder = new();
    private readonly PictureHost _host = new(Path.Combine(Scenes, "scene_05.png"));
    private Process? _worker;

    public void Dispose()
    {
        if (_worker is not null)
        {
            _worker.Kill(entireProcessTree: true);
            _worker.WaitForExit();
            _worker.Dispose();
        }

        _host.Dispose();
        _folder.Dispose();
    }

    [RabbitFact]
    public async Task What_is_allowed_is_answered_and_what_is_not_is_in_the_failures_with_its_reason()
    {
        // Of scene_05 35 KB travel in the message; scene_04 has 133 KB and goes by its path.
        (string Id, string Image, string? Reason)[] pictures =
        [
            ("inline", Path.Combine(Scenes, "scene_05.png"), null),
            ("shared", Path.Combine(Scenes, "scene_04.png"), null),
            ("allowed", $"{_host.Origin}/picture.png", null),
            ("moved", $"{_host.Origin}/moved-within", null),
            ("other", "https://example.invalid/picture.png", "Pictures are not fetched from example.invalid."),
            ("other-port", "http://127.0.0.1:9/picture.png", "Pictures are only fetched over https."),
            ("moved-away", $"{_host.Origin}/moved-to?https://example.invalid/x.png", "Pictures are not fetched from example.invalid."),
            ("moved-inside", $"{_host.Origin}/moved-to?https://localhost:{_host.Port}/x.png", "localhost is inside a private network"),
            ("inside", $"https://localhost:{_host.Port}/picture.png", "localhost is inside a private network"),
            ("gone", $"{_host.Origin}/gone.png", "answered with status 404"),
            ("no-picture", $"{_host.Origin}/text", "text"),
        ];
        string list = _folder.File("list.jsonl"), results = _folder.File("results.jsonl");
        await File.WriteAllLinesAsync(list, pictures.Select(picture => $$"""{"id":"{{picture.Id}}","image":"{{picture.Image}}"}"""));
        _worker = BuiltProgram.Start(Run(
            "worker", "--allow", Scenes, "--allow-host", _host.Origin, "--allow-host", $"localhost:{_host.Port}"));
        _ = _worker.StandardError.BaseStream.CopyToAsync(Stream.Null);
        ProgramResult batch =
            await BuiltProgram.RunAsync(Run("batch", list, "--task", "caption", "--inline", "64KiB", "--out", results, "--json"));
        Assert.True(batch.ExitCode == 1, batch.Error);

        Dictionary<string, string> answers = Read(results, line => line.GetProperty("answer").GetProperty("text").GetString()!);
        Dictionary<string, string> failures = Read(results + ".failures.jsonl", line => line.GetProperty("error").GetString()!);
        Assert.Equal(pictures.Where(picture => picture.Reason is null).Select(picture => picture.Id).Order(), answers.Keys.Order());
        Assert.Equal(pictures.Where(picture => picture.Reason is not null).Select(picture => picture.Id).Order(), failures.Keys.Order());
        Assert.All(pictures.Where(picture => picture.Reason is not null), picture => Assert.Contains(picture.Reason!, failures[picture.Id]));
        // The same picture, whatever way it came.
        Assert.Equal(answers["inline"], answers["allowed"]);
        Assert.Equal(answers["inline"], answers["moved"]);
        Assert.DoesNotContain("/x.png", _host.Asked);
    }

    private ProgramRun Run(params string[] arguments) =>
        new([.. arguments, "--broker", $"amqp://127.0.0.1:{rabbit.Port}", "--job", $"addresses-{Path.GetFileName(_folder.Path)}"])
        {
            WorkingFolder = _folder.Path,
        };

    private static Dictionary<string, string> Read(string path, Func<JsonElement, string> value) =>
        File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(line => line.GetProperty("id").GetString()!, value, StringComparer.Ordinal);
}
