using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using PaliGguf.AI.Chat;
using PaliGguf.Imaging;
using PaliGguf.Language;

namespace PaliGguf.AI;

/// <summary>
/// A PaliGemma model as a chat client. The model answers one prompt about some pictures and remembers nothing, so what counts of a conversation is the text of its last
/// user message, and the pictures (<see cref="DataContent"/>) of the latest message that has any; what came before is not shown to the
/// model. The text is the prompt as the checkpoint was trained with it, "caption en" for example (see <see cref="Tasks.Prompts"/>). All
/// methods may be called from any number of threads at once.
/// </summary>
/// <remarks>
/// Of the options, the longest answer, temperature, top-k, top-p, seed and stop texts count, and what is not set is as in <see cref="GenerationRequest"/>: greedy. A
/// <see cref="ChatOptions.RawRepresentationFactory"/> may give a <see cref="GenerationRequest"/> for what has no name there (beams, adapters, min-p). What a model without
/// tools, instructions and formats can not do is refused with <see cref="NotSupportedException"/>.
/// </remarks>
public sealed class PaliChatClient : IChatClient
{
    /// <summary>What <see cref="ChatClientMetadata.ProviderName"/> says.</summary>
    public const string ProviderName = "paligguf";

    private readonly Func<CancellationToken, ValueTask<PaliModel>> _model;
    private readonly Func<PaliModel?> _loaded;
    private readonly PaliModel? _owned;
    private readonly string? _modelId;
    private readonly ImageLimits _limits;
    private readonly bool _allowTextOnly;

    /// <summary>A client of a loaded model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ownsModel">True to dispose the model with the client.</param>
    /// <param name="modelId">What the model is called; null for the name in its file.</param>
    /// <param name="limits">How large a picture may be; <see cref="ImageLimits.Default"/> when null.</param>
    /// <param name="allowTextOnly">True to let the model answer prompts without a picture too, which PaliGemma was not made for.</param>
    public PaliChatClient(
        PaliModel model, bool ownsModel = false, string? modelId = null, ImageLimits? limits = null, bool allowTextOnly = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = _ => ValueTask.FromResult(model);
        _loaded = () => model;
        _owned = ownsModel ? model : null;
        _modelId = modelId;
        _limits = limits ?? ImageLimits.Default;
        _allowTextOnly = allowTextOnly;
    }

    /// <summary>A client of a model that is loaded with the first request.</summary>
    /// <param name="provider">The model's provider, which is not disposed with the client.</param>
    /// <param name="modelId">What the model is called; null for the name in its file, which is only known once it is loaded.</param>
    /// <param name="limits">How large a picture may be; <see cref="ImageLimits.Default"/> when null.</param>
    /// <param name="allowTextOnly">True to let the model answer prompts without a picture too, which PaliGemma was not made for.</param>
    public PaliChatClient(PaliModelProvider provider, string? modelId = null, ImageLimits? limits = null, bool allowTextOnly = false)
    {
        ArgumentNullException.ThrowIfNull(provider);
        _model = provider.GetAsync;
        _loaded = () => provider.Loaded;
        _modelId = modelId;
        _limits = limits ?? ImageLimits.Default;
        _allowTextOnly = allowTextOnly;
    }

    /// <summary>Answers the last user message.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">How to answer; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the answer within one token, with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The answer, with its <see cref="GenerationResult"/> as raw representation.</returns>
    /// <exception cref="ArgumentException">There is no user message, no picture, a content that is none, or an option is out of
    /// range.</exception>
    /// <exception cref="FormatException">A data URI is malformed.</exception>
    /// <exception cref="NotSupportedException">An option or a message asks for what the model can not do.</exception>
    /// <exception cref="PaliException">A picture can not be decoded, the prefix does not fit the context, or the model does not load.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        (ChatAnswer answer, Generation generation) = await StartAsync(messages, options, cancellationToken).ConfigureAwait(false);
        GenerationResult result = await generation.Result.ConfigureAwait(false);
        if (result.FinishReason == FinishReason.Cancelled) throw new OperationCanceledException(cancellationToken);
        return answer.Whole(result);
    }

    /// <summary>Answers the last user message: an update for each token as it is decoded, then one with the usage and why the answer ended.</summary>
    /// <inheritdoc cref="GetResponseAsync" path="/param|/exception"/>
    /// <returns>The updates. A token's has its <see cref="GeneratedToken"/> as raw representation, the last one the <see cref="GenerationResult"/>.</returns>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return StreamAsync(messages, options, cancellationToken);
    }

    /// <summary>The client itself, its <see cref="ChatClientMetadata"/>, or the <see cref="PaliModel"/> if it is loaded by now.</summary>
    /// <param name="serviceType">The type that is asked for.</param>
    /// <param name="serviceKey">A key; there is nothing with one.</param>
    /// <returns>Null where there is no such thing.</returns>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(ChatClientMetadata)) return new ChatClientMetadata(ProviderName, defaultModelId: _modelId ?? _loaded()?.Info.Name);
        return serviceType == typeof(PaliModel) ? _loaded() : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Disposes the model, if the client owns it.</summary>
    public void Dispose() => _owned?.Dispose();

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (ChatAnswer answer, Generation generation) = await StartAsync(messages, options, cancellationToken).ConfigureAwait(false);
        await foreach (GeneratedToken token in generation.WithCancellation(cancellationToken).ConfigureAwait(false)) yield return answer.Part(token);

        yield return answer.End(await generation.Result.ConfigureAwait(false));
    }

    private async Task<(ChatAnswer Answer, Generation Generation)> StartAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        // Before a model is loaded for what it will not do.
        GenerationRequest request = ChatRequest.Of(options, this);
        ChatPrompt prompt = ChatPrompt.Of(messages, _allowTextOnly);
        PaliModel model = await _model(cancellationToken).ConfigureAwait(false);
        string modelId = _modelId ?? model.Info.Name;
        if (options?.ModelId is { } asked && asked != modelId) throw new ArgumentException($"The model '{asked}' is asked for, and this client has '{modelId}': leave ModelId out, or use that.", nameof(options));
        request = request with { Prompt = prompt.Text, Images = await prompt.DecodeAsync(_limits, cancellationToken).ConfigureAwait(false) };
        return (new ChatAnswer(modelId), model.GenerateAsync(request, cancellationToken));
    }
}
