using System.Diagnostics;

namespace PaliGguf.Benchmarks.Language;

/// <summary>Processes that do nothing but keep a core busy each, until this is disposed.</summary>
internal sealed class BusyProcesses : IDisposable
{
    private readonly Process[] _processes;

    public BusyProcesses(int count) =>
        _processes = [.. Enumerable.Range(0, count).Select(_ => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "while :; do :; done"]))!)];

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
