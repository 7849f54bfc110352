using PaliGguf.Products;

namespace PaliGguf.Vision;

/// <summary>How a vision tower runs.</summary>
/// <param name="Threads">CPU threads.</param>
/// <param name="Interpolation">How pictures are resized; null as the file says.</param>
/// <param name="Attention">How attention is computed.</param>
/// <param name="Repack">Whether weights may lie in the CPU's own forms.</param>
/// <param name="Pictures">How many pictures that wait at the same time are computed together, at most; null for what suits the device.</param>
/// <param name="LargestScores">The bytes of attention scores that may be held at once; at least one head's are.</param>
/// <param name="Products">Who computes products and attention on a CPU.</param>
internal sealed record TowerSettings(
    int Threads, Interpolation? Interpolation = null,
    VisionAttention Attention = VisionAttention.Auto, bool Repack = true, int? Pictures = null,
    long LargestScores = TowerForm.DefaultLargestScores, MatrixProducts Products = MatrixProducts.Auto)
{
    /// <summary>Whether threads may wait for each other by spinning.</summary>
    public bool Spin { get; init; } = true;

    /// <summary>Of the threads that compute.</summary>
    public ComputePriority Priority { get; init; } = ComputePriority.Normal;

    /// <summary>Whether this CPU computes by code of our own, where there is some.</summary>
    public bool Own => Products == MatrixProducts.Auto && MatrixProduct.IsSupported;

    // A GPU that computes so many patches is busy.
    private const int BusyPatches = 4096;

    /// <summary>The settings of a model. With limits on its memory, pictures go one by one.</summary>
    public static TowerSettings Of(ModelOptions options, int threads) =>
        new(threads, options.Interpolation, options.Attention, options.Repack && options.RepackTower, options.Memory is null ? null : 1,
            Products: options.Products)
        {
            Spin = options.Spin,
            Priority = options.Priority,
        };

    /// <summary>
    /// How many pictures a device computes together by default: on a GPU up to four, so that its units are busy. On a CPU one alone is as fast as several, and is there
    /// earlier; the figures are in docs/performance.md.
    /// </summary>
    public static int PicturesOn(bool gpu, VisionLayout layout) => gpu ? Math.Clamp(BusyPatches / layout.Patches, 1, 4) : 1;
}
