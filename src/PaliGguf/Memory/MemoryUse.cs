namespace PaliGguf.Memory;

/// <summary>What memory is used for.</summary>
public enum MemoryPart
{
    /// <summary>The decoder's weights.</summary>
    DecoderWeights,

    /// <summary>Keys and values of all tokens that are being worked on.</summary>
    KeyValueCache,

    /// <summary>The decoder's intermediate results.</summary>
    DecoderCompute,

    /// <summary>The logits of the tokens that are chosen next.</summary>
    Logits,

    /// <summary>The weights of vision tower and projector.</summary>
    VisionWeights,

    /// <summary>The tower's intermediate results.</summary>
    VisionCompute,

    /// <summary>Rounded factors of products, soft tokens and embeddings on their way to the decoder.</summary>
    Workspace,

    /// <summary>The process itself: the runtime, the native libraries' code, the vocabulary.</summary>
    Process,
}

/// <summary>When memory is in use.</summary>
public enum MemoryStage
{
    /// <summary>As long as the model is loaded.</summary>
    Always,

    /// <summary>Only while a picture is looked at.</summary>
    Picture,

    /// <summary>Only while there are answers to decode.</summary>
    Answer,
}

/// <summary>Memory of one device for one purpose.</summary>
/// <param name="Part">What for.</param>
/// <param name="Bytes">How much.</param>
/// <param name="Stage">When.</param>
/// <param name="Mapped">Whether these are pages of a mapped file, which the system takes back where memory is short and reads again when they are needed.</param>
public readonly record struct MemoryUse(MemoryPart Part, long Bytes, MemoryStage Stage = MemoryStage.Always, bool Mapped = false);

/// <summary>All memory of one device.</summary>
/// <param name="Uses">What it is used for.</param>
public sealed record DeviceMemory(IReadOnlyList<MemoryUse> Uses)
{
    /// <summary>The bytes that must be there at once, at the fullest moment. Pages of mapped files are not counted: the system can take them back.</summary>
    public long Bytes => Peak(mapped: false);

    /// <summary>The bytes of mapped files that are read for every token.</summary>
    public long MappedBytes => Uses.Where(use => use.Mapped).Sum(use => use.Bytes);

    /// <summary>The bytes in use at the fullest moment, mapped files included: with less, something is read from the disk again and again.</summary>
    public long WorkingBytes => Peak(mapped: true);

    /// <summary>The bytes for one purpose, mapped files included.</summary>
    public long Of(MemoryPart part) => Uses.Where(use => use.Part == part).Sum(use => use.Bytes);

    internal long Resident(MemoryPart part) => Uses.Where(use => use.Part == part && !use.Mapped).Sum(use => use.Bytes);

    private long Peak(bool mapped) => Sum(MemoryStage.Always, mapped) + Math.Max(Sum(MemoryStage.Picture, mapped), Sum(MemoryStage.Answer, mapped));

    private long Sum(MemoryStage stage, bool mapped) => Uses.Where(use => use.Stage == stage && (mapped || !use.Mapped)).Sum(use => use.Bytes);
}

/// <summary>What memory is used for, in words.</summary>
public static class MemoryParts
{
    extension(MemoryPart part)
    {
        /// <summary>A name for people: "decoder weights".</summary>
        public string Title => part switch
        {
            MemoryPart.DecoderWeights => "decoder weights",
            MemoryPart.KeyValueCache => "KV cache",
            MemoryPart.DecoderCompute => "decoder computation",
            MemoryPart.Logits => "logits",
            MemoryPart.VisionWeights => "vision weights",
            MemoryPart.VisionCompute => "vision computation",
            MemoryPart.Workspace => "workspace",
            _ => "process and vocabulary",
        };
    }
}
