using PaliGguf.Cli.Terminals;
using PaliGguf.Hub;

namespace PaliGguf.Cli.Hubs;

/// <summary>Tells how far a pull has come.</summary>
internal sealed class PullStatus(SlowStatus status) : IProgress<PullProgress>
{
    private Pace _pace = new();
    private PullPhase _phase;
    private string? _note;

    public void Report(PullProgress value)
    {
        // Why it is waited is worth a line of its own, however short the wait.
        if (value.Note is { } note && note != _note) ErrorLine.Print(note);
        _note = value.Note;
        if (value.Phase != _phase) (_phase, _pace) = (value.Phase, new Pace());
        string what = value.Phase switch
        {
            PullPhase.Asking => "asking the hub",
            PullPhase.Waiting => value.Note ?? "waiting",
            PullPhase.Checking => $"looking at what is there of {value.File}: {_pace.Describe(value.BytesDone, value.BytesTotal)}",
            PullPhase.Downloading => $"pulling {value.File}: {_pace.Describe(value.BytesDone, value.BytesTotal)}",
            _ => $"converting {value.File} as it arrives: {_pace.Describe(value.BytesDone, value.BytesTotal)}",
        };
        status.Report(what, value.BytesTotal > 0 ? (double)value.BytesDone / value.BytesTotal : 0);
    }
}
