using PaliGguf.Conversion.Configuration;
using PaliGguf.Tests;
using PaliGguf.Vision;

namespace PaliGguf.Conversion.Tests.Configuration;

/// <summary>For a tower of 224 pixels in patches of 14. What a pixel becomes is what transformers computes: (value * rescale_factor -
/// image_mean) / image_std, each step if it is done.</summary>
public sealed class ImagePreprocessingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConversionWarnings _warnings = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_file_pixels_are_centred_on_one_half_and_resized_bicubically()
    {
        ImagePreprocessing preprocessing = Read();
        Assert.Equal([0.5f, 0.5f, 0.5f], preprocessing.Mean);
        Assert.Equal([0.5f, 0.5f, 0.5f], preprocessing.Deviation);
        Assert.Equal(Interpolation.Bicubic, preprocessing.Interpolation);
    }

    [Theory]
    [InlineData("preprocessor_config.json", """{"image_mean":[0.1,0.2,0.3],"image_std":[1,2,3]}""")]
    [InlineData("processor_config.json", """{"image_processor":{"image_mean":[0.1,0.2,0.3],"image_std":[1,2,3]}}""")]
    public void Both_places_of_the_values_are_known(string file, string content)
    {
        ImagePreprocessing preprocessing = Read(content, file);
        Assert.Equal([0.1f, 0.2f, 0.3f], preprocessing.Mean);
        Assert.Equal([1, 2, 3], preprocessing.Deviation);
    }

    [Theory]
    [InlineData("{}", 255, 1)]
    [InlineData("""{"image_mean":0.25,"image_std":0.5}""", 255, 1.5)]
    [InlineData("""{"do_normalize":false}""", 51, 0.2)]
    [InlineData("""{"do_normalize":false}""", 255, 1)]
    [InlineData("""{"do_rescale":false}""", 100, 199)]
    [InlineData("""{"do_rescale":false,"do_normalize":false}""", 100, 100)]
    [InlineData("""{"rescale_factor":0.00784313725490196}""", 255, 3)]
    [InlineData("""{"rescale_factor":0.00784313725490196,"image_mean":[1,1,1],"image_std":[1,1,1]}""", 0, -1)]
    [InlineData("""{"rescale_factor":0.00784313725490196,"do_normalize":false}""", 255, 2)]
    public void A_pixel_becomes_what_transformers_makes_of_it(string content, int value, double expected)
    {
        ImagePreprocessing preprocessing = Read(content);
        float[] pixel = new float[3];
        new PixelNormalization(preprocessing.Mean, preprocessing.Deviation).WriteChannelFirst(
            RgbImage.FromRgb([(byte)value, (byte)value, (byte)value], 1, 1), pixel);
        Assert.All(pixel, channel => Assert.Equal(expected, channel, 1e-4));
    }

    [Theory]
    [InlineData("2", Interpolation.Bilinear)]
    [InlineData("3", Interpolation.Bicubic)]
    [InlineData("null", Interpolation.Bicubic)]
    public void Pillow_s_numbers_of_filters_are_known(string resample, Interpolation expected) =>
        Assert.Equal(expected, Read($$"""{"resample":{{resample}}}""").Interpolation);

    [Theory]
    [InlineData("224")]
    [InlineData("[224, 224]")]
    [InlineData("""{"width":224,"height":224}""")]
    [InlineData("null")]
    public void The_tower_s_square_may_be_written_in_each_way(string size) =>
        Assert.Equal(Interpolation.Bicubic, Read($$"""{"size":{{size}}}""").Interpolation);

    [Theory]
    [InlineData("""{"image_mean":[0.5,0.5]}""", "image_mean is [0.5,0.5]")]
    [InlineData("""{"image_mean":["a",0,0]}""", "image_mean")]
    [InlineData("""{"image_mean":"half"}""", "image_mean is \"half\"")]
    [InlineData("""{"image_std":[0.5,0,0.5]}""", "three positive numbers")]
    [InlineData("""{"image_std":0}""", "three positive numbers")]
    [InlineData("""{"resample":0}""", "resample is 0 (nearest)")]
    [InlineData("""{"resample":1}""", "resample is 1 (lanczos)")]
    [InlineData("""{"resample":6}""", "resample is 6")]
    [InlineData("""{"resample":"bilinear"}""", "resample is \"bilinear\"")]
    [InlineData("""{"do_resize":false}""", "do_resize is false")]
    [InlineData("""{"do_center_crop":true}""", "do_center_crop is true")]
    [InlineData("""{"do_pad":true}""", "do_pad is true")]
    [InlineData("""{"do_normalize":"no"}""", "do_normalize is \"no\"")]
    [InlineData("""{"rescale_factor":0}""", "rescale_factor is 0")]
    [InlineData("""{"rescale_factor":1e-44}""", "rescale_factor is 1e-44")]
    [InlineData("""{"size":448}""", "size is 448", "\"height\": 224")]
    [InlineData("""{"size":[224,448]}""", "size is [224,448]")]
    [InlineData("""{"size":"224"}""", "size is \"224\"")]
    [InlineData("""{"size":{"shortest_edge":224}}""", "size is {\"shortest_edge\":224}")]
    [InlineData("""{"size":{"height":448,"width":448}}""", "size is", "the tower's square")]
    [InlineData("""{"size":{"height":224,"width":448}}""", "size is")]
    [InlineData("""{"image_seq_length":1024}""", "image_seq_length is 1024", "256")]
    [InlineData("""{"image_processor_type":"CLIPImageProcessor"}""", "image_processor_type is CLIPImageProcessor")]
    public void What_would_be_done_otherwise_is_refused_by_name(string content, params string[] contained) =>
        OneLineError.Check(() => Read(content), [_folder.File("preprocessor_config.json"), .. contained]);

    [Fact]
    public void What_a_published_file_has_is_taken_without_a_warning()
    {
        Read("""
            {"do_convert_rgb":null,"do_normalize":true,"do_rescale":true,"do_resize":true,"image_mean":[0.5,0.5,0.5],"image_processor_type":"SiglipImageProcessor","image_seq_length":256,
             "image_std":[0.5,0.5,0.5],"processor_class":"PaliGemmaProcessor","resample":3,"rescale_factor":0.00392156862745098,"size":{"height":224,"width":224},"do_center_crop":null,"crop_size":null}
            """);
        Assert.Empty(_warnings.All);
    }

    [Fact]
    public void An_unknown_setting_is_told()
    {
        Read("""{"do_sharpen":true,"do_blur":null}""");
        Assert.Equal([_folder.File("preprocessor_config.json") + ": unknown and not taken into account: do_sharpen"], _warnings.All);
    }

    [Fact]
    public void Two_files_that_differ_are_refused()
    {
        File.WriteAllText(_folder.File("processor_config.json"), """{"image_processor":{"resample":2}}""");
        OneLineError.Check(() => Read("""{"resample":3}"""), "processor_config.json", "preprocessor_config.json");
        Assert.Equal(Interpolation.Bilinear, Read("""{"resample":2}""").Interpolation);
    }

    private ImagePreprocessing Read(string? content = null, string file = "preprocessor_config.json")
    {
        if (content is not null) File.WriteAllText(_folder.File(file), content);
        using System.Text.Json.JsonDocument vision = System.Text.Json.JsonDocument.Parse("{}");
        return ImagePreprocessing.Read(_folder.Path, VisionConfig.Read(new ConfigSection(vision.RootElement, "config.json")), _warnings);
    }
}
