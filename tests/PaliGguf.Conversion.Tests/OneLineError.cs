namespace PaliGguf.Conversion.Tests;

/// <summary>What every error must be: of our own kind, one line, and with the file and the fault in it.</summary>
internal static class OneLineError
{
    public static void Check(PaliException error, params ReadOnlySpan<string> contained)
    {
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain('\r', error.Message);
        Assert.InRange(error.Message.Length, 10, 4000);
        foreach (string text in contained) Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    public static void Check(Action action, params ReadOnlySpan<string> contained) => Check(Assert.Throws<ModelFormatException>(action), contained);
}
