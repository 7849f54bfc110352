namespace PaliGguf;

/// <summary>The base of all errors that PaliGguf itself reports. Its message is one line that a user can act on.</summary>
public class PaliException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>A model, checkpoint or adapter file is malformed, incomplete, or does not fit the other files it is used with.</summary>
/// <param name="path">The file in question.</param>
/// <param name="problem">What is wrong with it: the key or tensor, what was found and what was expected.</param>
/// <param name="innerException">The cause, if another exception was.</param>
public sealed class ModelFormatException(string path, string problem, Exception? innerException = null)
    : PaliException($"{path}: {problem}", innerException)
{
    /// <summary>The file in question.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with it, without the file's name.</summary>
    public string Problem { get; } = problem;
}

/// <summary>A model that is loaded can not be used as it is: its file was written to meanwhile, or another program is just about to.</summary>
/// <param name="path">The file in question.</param>
/// <param name="problem">What happened to it, and the way out.</param>
public sealed class ModelChangedException(string path, string problem) : PaliException($"{path}: {problem}")
{
    /// <summary>The file in question.</summary>
    public string Path { get; } = path;

    /// <summary>What happened to it, without the file's name.</summary>
    public string Problem { get; } = problem;

    internal static ModelChangedException BeingWritten(string path) =>
        new(path, "another program has it open for writing, or waits to: ask again when that is over, or load the model again.");
}

/// <summary>A native library is missing, does not load, or has a version that this build was not made for.</summary>
public sealed class NativeLibraryException(string message, Exception? innerException = null) : PaliException(message, innerException)
{
    /// <summary>What to install where something of the system is missing; null where the library itself is, or does not fit.</summary>
    public string? Remedy { get; init; }
}

/// <summary>A request can not be run as asked (too long for the context, for example), or the device failed while running it.</summary>
public sealed class InferenceException(string message, Exception? innerException = null) : PaliException(message, innerException);
