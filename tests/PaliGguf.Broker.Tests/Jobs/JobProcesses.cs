using System.Diagnostics;
using PaliGguf.Broker.Tests.Rabbit;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Broker.Tests.Jobs;

/// <summary>A job of processes as users start them, in a folder of its own. What still runs at its end is killed.</summary>
internal sealed class JobProcesses(RabbitServer rabbit) : IDisposable
{
    private const int BrokenEvery = 50;

    private readonly List<Process> _processes = [];

    public TemporaryFolder Folder { get; } = new();

    public static bool IsBroken(int number) => number % BrokenEvery == 7;

    public static int Lines(string path) => File.Exists(path) ? File.ReadLines(path).Count() : 0;

    public ProgramRun Run(params string[] arguments) =>
        new([.. arguments, "--broker", $"amqp://127.0.0.1:{rabbit.Port}", "--job", $"processes-{Path.GetFileName(Folder.Path)}"]);

    public Process Start(params string[] arguments)
    {
        Process process = BuiltProgram.Start(Run(arguments));
        _processes.Add(process);
        // Nobody reads it.
        if (arguments[0] == "worker") _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        return process;
    }

    /// <summary>No longer looks after one that has ended.</summary>
    public void Forget(Process process) => _processes.Remove(process);

    /// <summary>A list of pictures, some of them broken.</summary>
    public string WriteList(int pictures)
    {
        string broken = Folder.Write("broken.png", "no picture"u8), list = Folder.File("list.jsonl");
        File.WriteAllLines(list, Enumerable.Range(0, pictures).Select(number =>
        {
            string scene = Path.Combine(Repository.PaliNano, "samples", $"scene_{(number % 12) + 1:00}.png");
            return $$"""{"id":{{number}},"image":"{{(IsBroken(number) ? broken : scene)}}"}""";
        }));
        return list;
    }

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        Folder.Dispose();
    }
}
