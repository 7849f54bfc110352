using PaliGguf.Hosting.Settings;

namespace PaliGguf.Hosting.Failures;

/// <summary>Tells failures whose message is all that a user needs from those that nobody expected.</summary>
internal static class ExpectedFailure
{
    public static bool IsExpected(this Exception failure) =>
        failure is PaliException or IOException or UnauthorizedAccessException or ArgumentException or UsageException or InvalidDataException;
}
