namespace PaliGguf.Language;

/// <summary>
/// Chooses the number of threads by what steps take under the present load. The library's threads wait for each other by spinning, so that where other programs want the cores too, more
/// threads can be several times slower than one. Now and then a few steps are taken on half or twice as many threads, or on one, and the faster number is kept; as long as nothing
/// changes, the trials become rare. What is computed does not depend on it.
/// </summary>
internal sealed class ThreadGovernor
{
    // In steps.
    private const int Window = 4;
    private const int Trial = 2;
    private const int ShortestPause = 4;
    private const int LongestPause = 256;

    // Half as many threads, one (half as many may be no better), and twice as many.
    private const int Kinds = 3;

    // A trial must gain a tenth, and a change of the load is what makes steps slower or faster by more than a quarter.
    private const double Gain = 0.9;
    private const double Change = 1.25;

    private readonly int _most;
    private readonly Queue<double> _recent = new(Window);
    private int _settled;
    private int _rows;
    private double _mean = double.NaN;
    private double _trialSum;
    private int _trialSteps;
    private int _pause = ShortestPause;
    private int _wait = ShortestPause;
    private int _kind;

    /// <param name="most">The most threads, at least 1; it begins with so many.</param>
    public ThreadGovernor(int most) => _most = _settled = Threads = most;

    /// <summary>The threads for the next step.</summary>
    public int Threads { get; private set; }

    /// <summary>Takes in what a step took.</summary>
    /// <param name="rows">The tokens that were decoded together. Only steps of as many are compared.</param>
    /// <param name="time">What it took on <see cref="Threads"/>.</param>
    public void Stepped(int rows, TimeSpan time)
    {
        if (_most == 1) return;
        if (rows != _rows)
        {
            _rows = rows;
            _mean = double.NaN;
            Settle(_settled);
            return;
        }

        if (Threads == _settled) Watch(time.TotalSeconds);
        else Try(time.TotalSeconds);
    }

    private void Watch(double seconds)
    {
        if (_recent.Count == Window) _recent.Dequeue();
        _recent.Enqueue(seconds);
        _wait--;
        if (_recent.Count < Window) return;
        double sum = 0;
        foreach (double step in _recent) sum += step;
        double mean = sum / Window;
        if (mean > _mean * Change || mean < _mean / Change)
        {
            // The trials of before tell nothing any more.
            _pause = ShortestPause;
            _wait = Math.Min(_wait, 0);
            _mean = mean;
        }

        if (double.IsNaN(_mean)) _mean = mean;
        if (_wait > 0) return;
        _mean = mean;
        Threads = Next();
        _trialSum = 0;
        _trialSteps = 0;
    }

    private void Try(double seconds)
    {
        _trialSum += seconds;
        // One that is much slower is given up at once.
        if (++_trialSteps < Trial && seconds < 2 * _mean) return;
        if (_trialSum / _trialSteps < Gain * _mean)
        {
            // What helped may help again.
            _pause = ShortestPause;
            _mean = _trialSum / _trialSteps;
            Settle(Threads);
            return;
        }

        _kind = (_kind + 1) % Kinds;
        _pause = Math.Min(2 * _pause, LongestPause);
        Settle(_settled);
    }

    private void Settle(int threads)
    {
        Threads = _settled = threads;
        _wait = _pause;
        _recent.Clear();
    }

    /// <summary>The next kind of trial of which the result is another number than now.</summary>
    private int Next()
    {
        while (true)
        {
            int threads = _kind switch { 0 => _settled / 2, 1 => 1, _ => Math.Min(2 * _settled, _most) };
            if (threads > 0 && threads != _settled) return threads;
            _kind = (_kind + 1) % Kinds;
        }
    }
}
