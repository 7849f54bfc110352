using PaliGguf.Training.Examples;
using PaliGguf.Training.Network;

namespace PaliGguf.Training.Runs;

/// <summary>
/// Measures the model as it is now. Nothing random is drawn and nothing is changed, so that a run's numbers are the same without.
/// </summary>
/// <param name="network">The model.</param>
/// <param name="builder">Makes batches.</param>
/// <param name="data">What it is measured by.</param>
/// <param name="batchSize">Examples that are computed together.</param>
/// <param name="observer">Told of how far it has come.</param>
internal sealed class Validation(PairNetwork network, BatchBuilder builder, RunData data, int batchSize, IRunObserver observer)
{
    // A picture of many masks has more; it is enough to see how they begin.
    private const int LongestAnswer = 128;

    /// <summary>Looks at all validation examples, and lets the model answer a few of them.</summary>
    /// <param name="step">The steps that are done.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="PaliException">No picture can be read, or the loss is no number.</exception>
    public ValidationReport Measure(long step, CancellationToken cancellationToken)
    {
        double sum = 0;
        long targets = 0;
        int done = 0;
        foreach (TrainingExample[] part in data.Validation.Chunk(batchSize))
        {
            IReadOnlyList<LoadedExample> loaded = builder.Load(part, cancellationToken);
            if (loaded.Count > 0)
            {
                using DisposeScope scope = NewDisposeScope();
                foreach (float[] losses in network.Evaluate(builder.Build(loaded, batchSize)))
                {
                    sum += losses.Sum(value => (double)value);
                    targets += losses.Length;
                }
            }

            observer.Validating(done += part.Length, data.Validation.Count);
        }

        if (targets == 0) throw new PaliException($"none of the validation pictures can be read: {builder.Damaged.First()}");
        if (!double.IsFinite(sum)) throw new PaliException($"the validation loss after step {step} is no number; a lower rate may help.");
        ShownAnswer[] answers = [.. data.Shown.Chunk(batchSize).SelectMany(part => Answer(part, cancellationToken))];
        return new ValidationReport(step, sum / targets, answers);
    }

    // An answer of twice the length tells enough of one that does not end.
    private IEnumerable<ShownAnswer> Answer(TrainingExample[] examples, CancellationToken cancellationToken)
    {
        IReadOnlyList<LoadedExample> loaded = builder.Load(examples, cancellationToken);
        if (loaded.Count == 0) return [];
        using DisposeScope scope = NewDisposeScope();
        Batch batch = builder.Build(loaded);
        int longest = Math.Min(LongestAnswer, 2 * batch.Examples.Max(each => each.Suffix.Count));
        Tensor soft = batch.SoftTokens ?? network.SoftTokens(batch.Pixels!);
        if (batch.PicturesOf(Enumerable.Range(0, loaded.Count)) is { } pictures) soft = soft.index_select(0, pictures);
        IReadOnlyList<IReadOnlyList<int>> answers = network.Answers.Answer(
            soft, [.. batch.Examples.Select(each => each.Prefix)], longest, cancellationToken);
        return [.. loaded.Zip(answers, (each, answer) => new ShownAnswer(
            Path.GetFileName(each.Example.Picture.Name), each.Example.Prompt, each.Example.Answer, network.Tokenizer.Detokenize(answer)))];
    }
}
