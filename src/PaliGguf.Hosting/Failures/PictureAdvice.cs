using PaliGguf.Imaging;

namespace PaliGguf.Hosting.Failures;

/// <summary>What to do about a picture that is too large: the same in the console, for agents and over HTTP.</summary>
internal static class PictureAdvice
{
    /// <summary>What is wrong with a picture, with the way out.</summary>
    public static string Of(ImageLimitException failure) =>
        failure.IsOfPixels ? $"{failure.Problem}: make it smaller, or raise the limit with --max-pixels" : failure.Problem;
}
