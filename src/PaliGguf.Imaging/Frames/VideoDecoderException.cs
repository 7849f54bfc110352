namespace PaliGguf.Imaging.Frames;

/// <summary>A video can not be decoded: ffmpeg is not installed, took too long, or refuses the file.</summary>
/// <inheritdoc cref="ImageException" path="/param"/>
public sealed class VideoDecoderException(string name, string problem, Exception? innerException = null) : ImageException(name, problem, innerException);
