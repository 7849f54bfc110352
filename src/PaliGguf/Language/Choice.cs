namespace PaliGguf.Language;

/// <summary>How probable one of several given answers is.</summary>
/// <param name="Text">The answer, as given.</param>
/// <param name="LogLikelihood">
/// The natural logarithm of the probability that the model gives exactly this answer to the pictures and the prompt: the sum over its tokens and the
/// end-of-sequence token after them. Longer answers tend to have a lower one.
/// </param>
/// <param name="Probability">That probability as a share of those of all the given answers; they add up to 1.</param>
public sealed record Choice(string Text, double LogLikelihood, double Probability);
