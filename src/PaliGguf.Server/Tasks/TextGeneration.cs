using PaliGguf.Language;
using PaliGguf.Server.Http;
using PaliGguf.Server.Work;

namespace PaliGguf.Server.Tasks;

/// <summary>How a task whose answer is text is answered.</summary>
internal static class TextGeneration
{
    /// <param name="request">What is asked for.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="model">Who answers.</param>
    /// <param name="options">What counts where the request does not say.</param>
    public static GenerationRequest ToGeneration(this TextRequest request, string prompt, PaliModel model, ServerOptions options) => new()
    {
        Prompt = prompt,
        MaxTokens = request.MaxTokens ?? options.MaxTokens,
        Beams = Beams(request, model, options),
        IgnoreEos = request.IgnoreEos ?? false,
        Stop = RequestLimits.List("stop", request.Stop),
        Adapters = RequestLimits.Adapters(request.Adapters, model.Info.Adapters),
        Sampling = new SamplingOptions
        {
            Temperature = request.Temperature ?? 0,
            TopK = request.TopK ?? 0,
            TopP = request.TopP ?? 1,
            MinP = request.MinP ?? 0,
            Seed = request.Seed,
        },
    };

    private static int Beams(TextRequest request, PaliModel model, ServerOptions options)
    {
        // As the model was loaded: what is not said there is 16, or what the library leaves beside the sequences.
        int most = 1 + (options.ModelOptions.Branches ?? Math.Min(16, 256 - model.Memory.Sequences));
        return request.Beams is not { } beams ? 1 : beams >= 1 && beams <= most ? beams : throw Rejection.Invalid("beams", $"'beams' is 1 to {most}.");
    }
}
