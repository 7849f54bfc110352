using PaliGguf.Adapters;

namespace PaliGguf;

/// <summary>What a loaded model is.</summary>
public sealed record ModelInfo
{
    /// <summary>The name in the text GGUF.</summary>
    public required string Name { get; init; }

    /// <summary>"gemma" for PaliGemma 1, "gemma2" for PaliGemma 2.</summary>
    public required string Architecture { get; init; }

    /// <summary>The text GGUF.</summary>
    public required string TextPath { get; init; }

    /// <summary>The vision GGUF.</summary>
    public required string VisionPath { get; init; }

    /// <summary>The side in pixels of the square that pictures are resized to.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Soft tokens per picture.</summary>
    public required int ImageTokens { get; init; }

    /// <summary>The decoder's embedding length.</summary>
    public required int EmbeddingLength { get; init; }

    /// <summary>The longest sequence in tokens, as loaded.</summary>
    public required int ContextLength { get; init; }

    /// <summary>The tokens of the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Answers consist of the tokens with ids below this one, which is that of <c>&lt;image&gt;</c>: it and those above it stand for no text.</summary>
    public required int AnswerTokens { get; init; }

    /// <summary>Bytes of the decoder's weights.</summary>
    public required long TextBytes { get; init; }

    /// <summary>Bytes of the tower's weights, as laid out on its device while it is there.</summary>
    public required long VisionBytes { get; init; }

    /// <summary>The device that the vision tower runs on, as the library names it; empty for a staged one that has not been loaded yet.</summary>
    public required string VisionDevice { get; init; }

    /// <summary>The kinds of memory that the tower's weights lie in, as the library names them.</summary>
    public required IReadOnlyList<string> VisionBufferTypes { get; init; }

    /// <summary>The CPU threads that decode.</summary>
    public required int Threads { get; init; }

    /// <summary>The codes of <see cref="Tasks.PromptLanguage"/> that the text GGUF lists in general.languages; all of them where it lists none.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>The LoRA adapters that are loaded.</summary>
    public IReadOnlyList<AdapterInfo> Adapters { get; init; } = [];

    /// <summary>Whether the vision GGUF has a mask decoder, which <see cref="PaliModel.SegmentAsync"/> needs.</summary>
    public required bool HasMaskDecoder { get; init; }

    /// <summary>Whether the vision GGUF has a mask encoder, which writes masks as tokens (<see cref="Tasks.Masks.MaskEncoder.Read"/>).</summary>
    public required bool HasMaskEncoder { get; init; }
}
