using System.Diagnostics;
using System.Threading.Channels;

namespace PaliGguf.Language;

/// <summary>One request inside the decode loop: its prefix, then its growing suffix.</summary>
internal sealed class DecodeJob(
    GenerationRequest request, PrefixEmbeddings prefix, Vocabulary vocabulary, int contextLength, ChannelWriter<GeneratedToken> tokens, CancellationToken cancellation)
{
    private readonly Sampler _sampler = new(request.Sampling, vocabulary.ImageToken);
    private readonly SuffixText _text = new([.. request.Stop]);
    private readonly List<int> _suffix = [];
    private readonly List<float> _logProbabilities = [];
    private readonly TaskCompletionSource<GenerationResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _maxTokens = Math.Min(request.MaxTokens, contextLength - prefix.Rows);
    private TimeSpan _prefixTime;
    private long _decodeStarted;
    private long _decodeEnded;
    private int _decodeSteps;
    private FinishReason? _finish;
    private Exception? _failure;

    public PrefixEmbeddings Prefix { get; } = prefix;

    public CancellationToken Cancellation { get; } = cancellation;

    public Task<GenerationResult> Completion => _completion.Task;

    /// <summary>True once the answer has ended and nothing more is to be decoded.</summary>
    public bool Ended => _finish is not null || _failure is not null;

    /// <summary>The last token, to be decoded next.</summary>
    public SequenceToken Next(int sequence) => new(_suffix[^1], Prefix.Rows + _suffix.Count - 1, sequence);

    public void PrefixDecoded(TimeSpan time, ReadOnlySpan<float> logits)
    {
        _prefixTime = time;
        _decodeStarted = _decodeEnded = Stopwatch.GetTimestamp();
        Choose(logits);
    }

    public void TokenDecoded(ReadOnlySpan<float> logits)
    {
        _decodeSteps++;
        _decodeEnded = Stopwatch.GetTimestamp();
        Choose(logits);
    }

    public void Cancel() => _finish = FinishReason.Cancelled;

    public void Complete()
    {
        if (_failure is not null)
        {
            Fail(_failure);
            return;
        }

        string rest = _text.Complete();
        if (rest.Length > 0 && _suffix.Count > 0) tokens.TryWrite(new GeneratedToken(_suffix[^1], rest, _logProbabilities[^1]));
        _completion.TrySetResult(new GenerationResult
        {
            Text = _text.ToString(),
            Tokens = _suffix,
            LogProbabilities = _logProbabilities,
            PrefixTokens = Prefix.Rows,
            FinishReason = _finish ?? FinishReason.Cancelled,
            Timings = new GenerationTimings(Prefix.VisionTime, _prefixTime, Stopwatch.GetElapsedTime(_decodeStarted, _decodeEnded), _decodeSteps),
        });
        tokens.TryComplete();
    }

    public void Fail(Exception failure)
    {
        _completion.TrySetException(failure);
        tokens.TryComplete(failure);
    }

    private void Choose(ReadOnlySpan<float> logits)
    {
        try
        {
            Take(_sampler.Next(logits));
        }
        catch (InferenceException failure)
        {
            // It is this request's alone: the others in the batch go on.
            _failure = failure;
        }
    }

    private void Take((int Token, float LogProbability) choice)
    {
        (int token, float logProbability) = choice;
        if (token == vocabulary.EndOfSequence && !request.IgnoreEos)
        {
            _finish = FinishReason.Stop;
            return;
        }

        _suffix.Add(token);
        _logProbabilities.Add(logProbability);
        string text = _text.Append(vocabulary.Piece(token));
        tokens.TryWrite(new GeneratedToken(token, text, logProbability));
        if (_text.Stopped) _finish = FinishReason.Stop;
        else if (_suffix.Count >= _maxTokens) _finish = FinishReason.Length;
    }
}

/// <summary>The rows of a prefix as the decoder takes them in.</summary>
/// <param name="Values"><c>Rows * n_embd</c> floats.</param>
/// <param name="Rows">Image tokens and text tokens.</param>
/// <param name="VisionTime">What the vision tower took for it.</param>
internal sealed record PrefixEmbeddings(float[] Values, int Rows, TimeSpan VisionTime);
