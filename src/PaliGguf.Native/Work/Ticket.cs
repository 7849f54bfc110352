using PaliGguf.Interop;
using PaliGguf.Language;
using PaliGguf.Native.Calls;
using PaliGguf.Native.Layouts;
using PaliGguf.Tasks;

namespace PaliGguf.Native.Work;

/// <summary>A question that a model answers in the background.</summary>
internal sealed class Ticket : IHandled
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly LoadingModel _owner;
    private readonly PaliModel _model;
    private readonly Question _question;
    private readonly AnswerParts _parts = new();
    private TicketState _state;
    private Exception? _failure;

    public Ticket(LoadingModel owner, Question question)
    {
        _owner = owner;
        _model = owner.Ready;
        _question = question;
        owner.Begin();
        Ended = PriorityThreads.RunAsync(owner.Priority, RunAsync);
    }

    /// <inheritdoc/>
    public Task Ended { get; }

    /// <inheritdoc/>
    public Exception? Failure
    {
        get
        {
            lock (_gate) return _failure;
        }
    }

    public TicketState State
    {
        get
        {
            lock (_gate)
            {
                return _state with
                {
                    tokens = (uint)_parts.Tokens.Count,
                    objects = (uint)_parts.Objects,
                    text_bytes = (ulong)_parts.Text.Length,
                };
            }
        }
    }

    /// <summary>Looks at what there is of the answer, while nothing is added to it.</summary>
    public T Look<T>(Func<AnswerParts, T> look)
    {
        lock (_gate) return look(_parts);
    }

    /// <summary>Hands the text out from a byte on.</summary>
    public unsafe Status CopyText(ulong offset, byte* buffer, nuint capacity, nuint* length)
    {
        lock (_gate)
        {
            ReadOnlySpan<byte> text = _parts.Text;
            if (offset > (ulong)text.Length || !Texts.IsBorder(text, (int)offset))
            {
                throw CallException.Argument(
                    $"The offset {offset} is not between two characters of the answer, which has {text.Length} bytes so far.");
            }

            return Texts.Out(text[(int)offset..], buffer, capacity, length);
        }
    }

    /// <inheritdoc/>
    public void Cancel()
    {
        // The pixels first: they are the caller's again when this returns.
        _question.Dispose();
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was released meanwhile.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Cancel();
        await Ended.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            RgbImage[] pictures = [.. _question.Pictures.Select(picture => picture.Read())];
            lock (_gate) _state.pictures_read = 1;
            if (_question.Prompt is { } prompt) await AnswerAsync(prompt with { Images = pictures }).ConfigureAwait(false);
            else await FindAsync(pictures[0]).ConfigureAwait(false);
            lock (_gate) _state.state = TicketStage.Done;
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            // A model that was released cancels what it answers.
            lock (_gate)
            {
                _parts.End(int.MaxValue);
                _state.state = TicketStage.Cancelled;
                _state.status = Status.ErrorCancelled;
                _failure = new OperationCanceledException("The request was cancelled.");
            }
        }
        catch (Exception failure)
        {
            lock (_gate)
            {
                _parts.End(int.MaxValue);
                _state.state = TicketStage.Failed;
                _state.status = Failures.StatusOf(failure);
                _failure = failure;
            }
        }
        finally
        {
            _question.Dispose();
            lock (_gate) _state.pictures_read = 1;
            _owner.End();
        }
    }

    private async Task AnswerAsync(GenerationRequest request)
    {
        Generation generation = _model.GenerateAsync(request, _stop.Token);
        await foreach (GeneratedToken token in generation.ConfigureAwait(false))
        {
            lock (_gate) _parts.Add(token);
        }

        GenerationResult result = await generation.Result.ConfigureAwait(false);
        lock (_gate)
        {
            _parts.End(result.Tokens.Count);
            _state.finish = result.FinishReason == FinishReason.Length ? Finish.Length : Finish.Stop;
            _state.prefix_tokens = result.PrefixTokens;
            Keep(result.Timings);
        }
    }

    private async Task FindAsync(RgbImage picture)
    {
        (InstanceResult result, IReadOnlyList<Detection> found) = await _model.FindAsync(
            picture, _question.Labels, _question.Masks, _question.Detection, _stop.Token).ConfigureAwait(false);
        lock (_gate)
        {
            _parts.Add(result.Text, found);
            _state.finish = result.Rejected.Any(part => part.Reason == RejectionReason.Truncated) ? Finish.Length : Finish.Stop;
            Keep(result.Timings);
        }
    }

    private void Keep(GenerationTimings timings)
    {
        _state.vision_seconds = timings.Vision.TotalSeconds;
        _state.prefix_seconds = timings.Prefix.TotalSeconds;
        _state.decode_seconds = timings.Decode.TotalSeconds;
    }
}
