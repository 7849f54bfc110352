using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

public sealed class ProductProcessorTests
{
    [Fact]
    public void Without_a_name_it_is_the_best_that_there_is()
    {
        Assert.Equal(ProductProcessor.Available.Max(), ProductProcessor.Choose(null));
        Assert.Equal(ProductProcessor.Available.Max(), ProductProcessor.Choose(""));
    }

    [Fact]
    public void The_library_and_all_that_the_machine_has_can_be_named()
    {
        Assert.Equal(InstructionSet.Library, ProductProcessor.Choose("library"));
        foreach (InstructionSet set in ProductProcessor.Available)
            Assert.Equal(set, ProductProcessor.Choose(ProductProcessor.Name(set).ToUpperInvariant()));
    }

    [Theory]
    [InlineData("neon")]
    [InlineData("3")]
    [InlineData("avx2,amx")]
    public void Another_name_is_an_error_that_tells_what_there_is(string name)
    {
        PaliException failure = Assert.Throws<PaliException>(() => ProductProcessor.Choose(name));

        Assert.Equal($"PALIGGUF_PROCESSOR={name}: this machine has "
            + $"{string.Join(", ", ProductProcessor.Available.Select(ProductProcessor.Name))}.", failure.Message);
    }

    [Fact]
    public void What_is_compiled_on_this_machine_is_compiled_for_all_that_it_has()
    {
        Assert.False(ProductProcessor.IsCompiledForLess);
        if (ProductProcessor.Available.Count > 1) Assert.True(ProcessorFeatures.Avx2);
    }

    [ProductFact]
    public void Each_opens_as_what_it_is()
    {
        foreach (InstructionSet set in ProductProcessor.Available.Where(set => set != InstructionSet.Library))
        {
            using TileKernel kernel = TileKernel.Open(set);
            Assert.Equal(set, kernel.Instructions);
        }
    }
}
