namespace PaliGguf.Conversion;

/// <summary>A conversion can not be done for a reason that is not in the checkpoint: the output folder, the disk, a file that can not be read.</summary>
public sealed class ConversionException(string message, Exception? innerException = null) : PaliException(message, innerException);
