namespace PaliGguf.Imaging;

/// <summary>
/// A picture can not be read or written. This class itself stands for trouble with the file (missing, a folder, no permission), the classes below it
/// for trouble with what is inside.
/// </summary>
/// <param name="name">The file's path, or what the caller named the data.</param>
/// <param name="problem">What is wrong with it.</param>
/// <param name="innerException">The cause, if another exception was.</param>
public class ImageException(string name, string problem, Exception? innerException = null) : PaliException($"{name}: {problem}", innerException)
{
    /// <summary>The file's path, or what the caller named the data.</summary>
    public string Name { get; } = name;

    /// <summary>What is wrong, without the name.</summary>
    public string Problem { get; } = problem;
}

/// <summary>The data is no image, or an image of a kind that is not read or written here.</summary>
/// <inheritdoc cref="ImageException" path="/param"/>
public sealed class UnknownImageFormatException(string name, string problem) : ImageException(name, problem);

/// <summary>The data starts like an image but is damaged, cut off, or uses a variant that is not supported.</summary>
/// <inheritdoc cref="ImageException" path="/param"/>
public sealed class InvalidImageContentException(string name, string problem, Exception? innerException = null)
    : ImageException(name, problem, innerException);

/// <summary>The picture is larger than <see cref="ImageLimits"/> allows.</summary>
/// <inheritdoc cref="ImageException" path="/param"/>
public sealed class ImageLimitException(string name, string problem) : ImageException(name, problem)
{
    /// <summary>Whether it is <see cref="ImageLimits.MaxPixels"/> that the picture is over, which whoever trusts it can raise.</summary>
    public bool IsOfPixels { get; init; }
}
