namespace PaliGguf.Hub;

/// <summary>What was pulled.</summary>
public enum PulledKind
{
    /// <summary>A pair of GGUF files, ready to run.</summary>
    Pair,

    /// <summary>A LoRA adapter in PEFT's layout, for <c>convert --adapter</c> and <c>adapter</c>.</summary>
    Adapter,

    /// <summary>A data set.</summary>
    Dataset,
}
