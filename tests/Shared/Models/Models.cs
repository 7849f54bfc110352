using PaliGguf.Conversion;

namespace PaliGguf.Tests;

/// <summary>Loads models for tests.</summary>
internal static class Models
{
    /// <summary>One thread per model: the library's threads spin while they wait for each other, and tests share few cores.</summary>
    public static ModelOptions OneThread { get; } = new() { Threads = 1 };

    public static async Task<PaliModel> LoadAsync(Task<ConversionResult> pair, ModelOptions? options = null) =>
        await PaliModel.LoadAsync((await pair).TextPath, options ?? OneThread);
}
