namespace PaliGguf.Vision;

/// <summary>How a vision tower runs.</summary>
/// <param name="Threads">CPU threads.</param>
/// <param name="Interpolation">How pictures are resized.</param>
/// <param name="Attention">How attention is computed.</param>
/// <param name="Repack">Whether weights may lie in the CPU's own forms.</param>
/// <param name="LargestScores">The bytes of attention scores that may be held at once; at least one head's are.</param>
internal sealed record TowerSettings(
    int Threads, Interpolation Interpolation = Interpolation.Bicubic, VisionAttention Attention = VisionAttention.Auto, bool Repack = true,
    long LargestScores = TowerForm.DefaultLargestScores)
{
    public static TowerSettings Of(ModelOptions options, int threads) => new(threads, options.Interpolation, options.Attention, options.Repack && options.RepackTower);
}
