using PaliGguf.Training.Network;
using PaliGguf.Vision;

namespace PaliGguf.Training.Examples;

/// <summary>Pictures as the tower sees them.</summary>
internal static class PixelTensors
{
    /// <summary>Resizes and normalises pictures just as they are when the model runs.</summary>
    /// <param name="pictures">At least one.</param>
    /// <param name="shape">The tower.</param>
    /// <returns>[pictures, 3, side, side].</returns>
    public static Tensor Of(IReadOnlyList<RgbImage> pictures, TowerShape shape)
    {
        VisionLayout layout = shape.Layout;
        int length = 3 * layout.ImageSize * layout.ImageSize;
        float[] values = new float[pictures.Count * length];
        for (int i = 0; i < pictures.Count; i++)
        {
            RgbImage square = Resampling.Resize(pictures[i], layout.ImageSize, layout.ImageSize, layout.Interpolation);
            layout.Normalization.WriteChannelFirst(square, values.AsSpan(i * length, length));
        }

        return tensor(values, [pictures.Count, 3, layout.ImageSize, layout.ImageSize]);
    }
}
