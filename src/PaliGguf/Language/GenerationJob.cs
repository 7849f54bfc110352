using System.Diagnostics;
using System.Threading.Channels;

namespace PaliGguf.Language;

/// <summary>A request whose outcome is an answer.</summary>
internal abstract class GenerationJob(PrefixContent prefix, ChannelWriter<GeneratedToken> tokens, CancellationToken cancellation)
    : SequenceJob(prefix, cancellation)
{
    private readonly TaskCompletionSource<GenerationResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _prefixTime;
    private long _decodeStarted;
    private long _decodeEnded;
    private int _decodeSteps;

    public override Task<GenerationResult> Completion => _completion.Task;

    protected FinishReason? Finish { get; set; }

    protected override bool HasEnded => Finish is not null;

    public override void Cancel() => Finish = FinishReason.Cancelled;

    public override void Fail(Exception failure)
    {
        _completion.TrySetException(failure);
        tokens.TryComplete(failure);
    }

    protected override void Start(SequenceSet sequences, TimeSpan time, TokenDistribution distribution)
    {
        _prefixTime = time;
        _decodeStarted = _decodeEnded = Stopwatch.GetTimestamp();
    }

    protected override void Continue(BatchLogits logits)
    {
        _decodeSteps++;
        _decodeEnded = Stopwatch.GetTimestamp();
    }

    protected void Stream(GeneratedToken token) => tokens.TryWrite(token);

    protected void Succeed(string text, IReadOnlyList<int> suffix, IReadOnlyList<float> logProbabilities, IReadOnlyList<float[]?> observations)
    {
        _completion.TrySetResult(new GenerationResult
        {
            Text = text,
            Tokens = suffix,
            LogProbabilities = logProbabilities,
            Observations = observations,
            PrefixTokens = Prefix.Rows,
            FinishReason = Finish ?? FinishReason.Cancelled,
            Timings = new GenerationTimings(Prefix.VisionTime, _prefixTime, Stopwatch.GetElapsedTime(_decodeStarted, _decodeEnded), _decodeSteps)
            {
                PicturesCached = Prefix.PicturesCached,
                Native = NativeTime,
            },
        });
        tokens.TryComplete();
    }
}
