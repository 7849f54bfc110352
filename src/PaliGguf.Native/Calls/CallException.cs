using PaliGguf.Native.Layouts;

namespace PaliGguf.Native.Calls;

/// <summary>A call that can not be carried out as it was made.</summary>
internal sealed class CallException(Status status, string message) : Exception(message)
{
    public Status Status { get; } = status;

    public static CallException Argument(string problem) => new(Status.ErrorArgument, problem);
}
