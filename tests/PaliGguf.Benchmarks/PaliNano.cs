using PaliGguf.Imaging;

namespace PaliGguf.Benchmarks;

/// <summary>The embedded model and one of its scenes.</summary>
internal static class PaliNano
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "models", "pali-nano");

    public static string TextPath { get; } = Path.Combine(Folder, "pali-nano-Q8_0.gguf");

    public static string VisionPath { get; } = Path.Combine(Folder, "mmproj-pali-nano-Q8_0.gguf");

    public static RgbImage Scene() => ImageFile.Load(Path.Combine(Folder, "scene_02.png"));
}
