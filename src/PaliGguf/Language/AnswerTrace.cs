namespace PaliGguf.Language;

/// <summary>Is shown what a model says of the next token, on the thread that decodes: the next step waits for it. What it throws ends the request.</summary>
/// <param name="position">Which token of the answer is about to be chosen, from 0.</param>
/// <param name="logits">
/// One logit for each token of the vocabulary, as the model gives them; valid during the call only. Answers hold none of the tokens from
/// <see cref="ModelInfo.AnswerTokens"/> on.
/// </param>
public delegate void DistributionObserver(int position, ReadOnlySpan<float> logits);

/// <summary>An answer whose distributions have been shown.</summary>
/// <param name="Text">Its text, without the end-of-sequence token.</param>
/// <param name="Tokens">
/// Its token ids, one for each distribution shown; the last one is end-of-sequence where the model ended the answer. Another model can be led along them.
/// </param>
/// <param name="LogProbabilities">The natural logarithm of the probability that the model gave each token.</param>
public sealed record AnswerTrace(string Text, IReadOnlyList<int> Tokens, IReadOnlyList<float> LogProbabilities);
