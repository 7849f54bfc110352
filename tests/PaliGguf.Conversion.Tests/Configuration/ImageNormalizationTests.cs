using PaliGguf.Conversion.Configuration;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Configuration;

public sealed class ImageNormalizationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_file_pixels_are_centred_on_one_half()
    {
        ImageNormalization normalization = ImageNormalization.Read(_folder.Path);
        Assert.Equal([0.5f, 0.5f, 0.5f], normalization.Mean);
        Assert.Equal([0.5f, 0.5f, 0.5f], normalization.Deviation);
    }

    [Theory]
    [InlineData("preprocessor_config.json", """{"image_mean":[0.1,0.2,0.3],"image_std":[1,2,3]}""")]
    [InlineData("processor_config.json", """{"image_processor":{"image_mean":[0.1,0.2,0.3],"image_std":[1,2,3]}}""")]
    public void Both_places_of_the_values_are_known(string file, string content)
    {
        File.WriteAllText(_folder.File(file), content);
        ImageNormalization normalization = ImageNormalization.Read(_folder.Path);
        Assert.Equal([0.1f, 0.2f, 0.3f], normalization.Mean);
        Assert.Equal([1, 2, 3], normalization.Deviation);
    }

    [Theory]
    [InlineData("""{"image_mean":[0.5,0.5]}""", "image_mean is [0.5, 0.5]")]
    [InlineData("""{"image_mean":["a",0,0]}""", "image_mean")]
    [InlineData("""{"image_mean":0.5}""", "image_mean is 0.5")]
    [InlineData("""{"image_std":[0.5,0,0.5]}""", "three positive numbers")]
    public void Values_that_are_no_channels_are_refused(string content, string message)
    {
        File.WriteAllText(_folder.File("preprocessor_config.json"), content);
        OneLineError.Check(() => ImageNormalization.Read(_folder.Path), "preprocessor_config.json", message);
    }
}
