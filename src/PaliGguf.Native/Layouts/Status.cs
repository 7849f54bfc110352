namespace PaliGguf.Native.Layouts;

/// <summary>PALI_OK and so on of paligguf.h, whose comments say what they mean.</summary>
internal enum Status
{
    Ok = 0,
    Pending = 1,
    Cut = 2,
    ErrorArgument = -1,
    ErrorHandle = -2,
    ErrorNotReady = -3,
    ErrorCancelled = -4,
    ErrorFile = -5,
    ErrorFormat = -6,
    ErrorChanged = -7,
    ErrorMemory = -8,
    ErrorNatives = -9,
    ErrorInference = -10,
    ErrorLimit = -11,
    ErrorProcessor = -12,
    ErrorForked = -13,
    ErrorExiting = -14,
    ErrorInternal = -100,
}
