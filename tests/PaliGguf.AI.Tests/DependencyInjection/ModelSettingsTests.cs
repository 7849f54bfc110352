using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.AI.DependencyInjection;

namespace PaliGguf.AI.Tests.DependencyInjection;

public sealed class ModelSettingsTests
{
    [Fact]
    public void Nothing_set_loads_a_model_as_the_library_does()
    {
        ModelOptions options = Of(new PaliGgufOptions()), defaults = new();
        Assert.Equal((defaults.MemoryMap, defaults.Repack, defaults.GpuLayers), (options.MemoryMap, options.Repack, options.GpuLayers));
        Assert.Equal((defaults.Sequences, defaults.ImagesPerPrompt, defaults.TextTokens), (options.Sequences, options.ImagesPerPrompt, options.TextTokens));
        Assert.Equal((defaults.SoftTokenCacheBytes, defaults.Memory), (options.SoftTokenCacheBytes, options.Memory));
    }

    [Fact]
    public void Weights_are_copied_or_left_as_they_are_stored_if_that_is_set()
    {
        Assert.False(Of(new PaliGgufOptions { NoMmap = true }).MemoryMap);
        Assert.False(Of(new PaliGgufOptions { NoRepack = true }).Repack);
        Assert.Equal(MatrixProducts.Library, Of(new PaliGgufOptions { Products = MatrixProducts.Library }).Products);
    }

    private static ModelOptions Of(PaliGgufOptions options) => options.ToModelOptions(NullLoggerFactory.Instance);
}
