using Spectre.Console;

namespace PaliGguf.Cli.Terminals;

/// <summary>
/// Shows on standard error how far something has come, if it takes longer than two seconds: a bar on a terminal, else a line every few
/// seconds. Disposing removes the bar.
/// </summary>
internal sealed class SlowStatus : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BarPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LinePeriod = TimeSpan.FromSeconds(3);

    private readonly Terminal _terminal;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _show;
    private volatile Status _status;

    /// <param name="terminal">Where it is shown.</param>
    /// <param name="text">What is being done, until the first report.</param>
    public SlowStatus(Terminal terminal, string text)
    {
        _terminal = terminal;
        _status = new Status(text, 0);
        _show = ShowAsync();
    }

    /// <summary>Tells what is being done; from any thread, as often as one likes.</summary>
    /// <param name="text">One line.</param>
    /// <param name="fraction">How much is done, 0 to 1.</param>
    public void Report(string text, double fraction) => _status = new Status(text, fraction);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _show;
        _end.Dispose();
    }

    private async Task ShowAsync()
    {
        await Task.Delay(Patience, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_end.IsCancellationRequested) return;
        if (_terminal.ErrorIsInteractive) await ShowBarAsync();
        else await ShowLinesAsync();
    }

    private Task ShowBarAsync() =>
        Terminal.Status().Progress().AutoClear(true).Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask(Markup.Escape(_status.Text), maxValue: 1);
                while (!_end.IsCancellationRequested)
                {
                    Status status = _status;
                    bar.Description = Markup.Escape(status.Text);
                    bar.Value = status.Fraction;
                    await Task.Delay(BarPeriod, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            });

    private async Task ShowLinesAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            Status status = _status;
            await _terminal.Error.WriteLineAsync($"{status.Text} ({status.Fraction * 100:0} %)");
            await Task.Delay(LinePeriod, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed record Status(string Text, double Fraction);
}
