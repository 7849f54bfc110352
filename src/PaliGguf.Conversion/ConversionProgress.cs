namespace PaliGguf.Conversion;

/// <summary>The steps of a conversion, in their order.</summary>
public enum ConversionPhase
{
    /// <summary>The checkpoint is read and checked; nothing has been written yet.</summary>
    Checking,

    /// <summary>The text model is written under a temporary name.</summary>
    WritingText,

    /// <summary>The vision model is written under a temporary name.</summary>
    WritingVision,

    /// <summary>
    /// The checkpoint arrives from elsewhere, and both models are written under temporary names as it does. Bytes are those of its
    /// files, not those written.
    /// </summary>
    Arriving,

    /// <summary>Both files are complete and have their final names.</summary>
    Done,
}

/// <summary>How far a conversion has come.</summary>
/// <param name="Phase">The present step.</param>
/// <param name="File">The file that is being read or written, without its folder.</param>
/// <param name="BytesDone">Bytes of tensor data written so far, of both files together; or bytes that have arrived.</param>
/// <param name="BytesTotal">Bytes of tensor data that both files will have; or bytes that will arrive.</param>
public readonly record struct ConversionProgress(ConversionPhase Phase, string File, long BytesDone, long BytesTotal);
