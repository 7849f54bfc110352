namespace PaliGguf.Evaluation.Comparison;

/// <summary>Measures how close one model comes to another: a quantization to what it was made from.</summary>
public static class ModelComparison
{
    /// <summary>
    /// Lets the reference answer all samples greedily, then leads the candidate along the same answers and compares what both say of each token. The models are
    /// loaded one after the other, so that memory holds one of them.
    /// </summary>
    /// <param name="options">The models and the samples.</param>
    /// <param name="progress">Told how far it has come, on any thread.</param>
    /// <param name="cancellationToken">Ends it without a result.</param>
    /// <exception cref="ArgumentException">There is no sample, or an option is out of range.</exception>
    /// <exception cref="FileNotFoundException">A model does not exist.</exception>
    /// <exception cref="ModelFormatException">A model is malformed.</exception>
    /// <exception cref="PaliException">
    /// The two differ in architecture or vocabulary, a picture can not be read, the disk has no room for the distributions, or a sample can not be run.
    /// </exception>
    /// <remarks>
    /// Distributions are over the tokens that answers consist of (<see cref="ModelInfo.AnswerTokens"/>): the rows of the vocabulary above them, which stand for no text and are
    /// never chosen, do not count. Everything is computed in 64-bit floats from the models' own logits.
    /// </remarks>
    public static Task<ComparisonReport> RunAsync(ComparisonOptions options, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Samples.Count == 0) throw new ArgumentException("There is no sample to compare on.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxTokens, 1, nameof(options));
        return Task.Run(() => new ComparisonRun(options, progress, cancellationToken).RunAsync(), cancellationToken);
    }
}
