using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

internal static class SamplerCalls
{
    /// <summary>Chooses from bare logits.</summary>
    public static (int Token, float LogProbability) Next(this Sampler sampler, ReadOnlySpan<float> logits) => sampler.Next(new TokenDistribution(logits));
}
