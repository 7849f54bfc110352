using System.Globalization;

namespace PaliGguf.Training.Examples;

/// <summary>How examples are changed each time that they are seen, so that a model learns what stays.</summary>
/// <param name="Flip">How often left and right change places, 0 to 1.</param>
/// <param name="LeastCrop">The least part of a picture's area that is seen, above 0 and at most 1, which is all of it.</param>
/// <param name="Color">How much brightness, contrast and saturation vary, 0 to below 1.</param>
internal sealed record Augmentation(double Flip = 0, double LeastCrop = 1, double Color = 0)
{
    /// <summary>Whether examples stay as they are.</summary>
    public bool IsNone => this is { Moves: false, Color: 0 };

    /// <summary>Whether things change their places.</summary>
    public bool Moves => Flip > 0 || LeastCrop < 1;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"flip {Flip}, crop {LeastCrop}, color {Color}");
}
