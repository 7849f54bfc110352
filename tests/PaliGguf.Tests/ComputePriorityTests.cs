using PaliGguf.Language;

namespace PaliGguf.Tests;

/// <summary>Threads that give way compute what others do.</summary>
public sealed class ComputePriorityTests
{
    [Theory]
    [InlineData(ComputePriority.Low, false)]
    [InlineData(ComputePriority.Idle, false)]
    [InlineData(ComputePriority.Normal, false)]
    [InlineData(ComputePriority.Low, true)]
    public async Task AnswersDoNotDependOnIt(ComputePriority priority, bool spin)
    {
        ModelOptions options = new() { GpuLayers = 0, Threads = 2, Priority = priority, Spin = spin };
        using PaliModel model = await PaliModel.LoadAsync(Repository.PaliNano, options);
        RgbImage image = RgbImage.FromRgb(new byte[3 * 64 * 64], 64, 64);
        Generation[] many = [.. Enumerable.Range(0, 6).Select(_ =>
            model.GenerateAsync(new GenerationRequest { Images = [image], Prompt = "caption en" }))];
        using PaliModel usual = await PaliModel.LoadAsync(Repository.PaliNano, new ModelOptions { GpuLayers = 0 });
        string expected = await usual.CaptionAsync(image);

        foreach (Generation one in many) Assert.Equal(expected, (await one.Result).Text);
    }

    [Fact]
    public async Task AnUnknownOneIsAnError() => await Assert.ThrowsAsync<ArgumentException>(() =>
        PaliModel.LoadAsync(Repository.PaliNano, new ModelOptions { Priority = (ComputePriority)7 }));
}
