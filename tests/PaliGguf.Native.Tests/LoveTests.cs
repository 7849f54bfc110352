using System.Globalization;
using PaliGguf.Imaging;
using PaliGguf.Packages.Tests;
using PaliGguf.Tests;

namespace PaliGguf.Native.Tests;

/// <summary>The game of docs/samples/love, on a screen that nobody sees.</summary>
[Collection(LibraryCollection.Name)]
public sealed class LoveTests(PublishedLibrary library)
{
    private static readonly string[] Display = ["-a", "-s", "-screen 0 1024x768x24"];

    // Of the first box and the second, as the game draws them.
    private static readonly (int Red, int Green, int Blue)[] BoxColors = [(255, 214, 51), (89, 232, 255)];

    private static string Sample { get; } = Path.Combine(Repository.Root, "docs", "samples", "love");

    [HostFact("love", "xvfb-run")]
    public async Task TheSceneIsCaptionedAndBoxedAsACProgramDoes()
    {
        using TemporaryFolder folder = new();

        string output = await PlayAsync(0, ["--library", PublishedLibrary.Folder, "--seconds", "4", "--record", folder.Path]);

        Assert.Matches("loading: [0-9]+ frames .*\nanswering: [0-9]+ frames .* missed .*\n[1-9][0-9]* answers, ", output);
        string answer = await File.ReadAllTextAsync(folder.File("answer.txt"));
        Assert.Matches("^an? (turtle and an octopus|octopus and a turtle) on a blue background\n", answer);
        Assert.Matches("\nturtle [0-9]", answer);
        Assert.Matches("\noctopus [0-9]", answer);
        string picture = folder.File("picture.ppm");
        PublishedLibrary.WritePpm(picture, ImageFile.Load(folder.File("picture.png")));
        Assert.Equal(await library.RunAsync("look", 0, Repository.PaliNano, picture, "turtle ; octopus"), answer);
        AssertBoxesAreDrawn(ImageFile.Load(folder.File("screen.png")), answer);
    }

    [HostFact("love", "xvfb-run")]
    public async Task WhatIsMissingIsNamedWithAWayOut()
    {
        using TemporaryFolder folder = new();

        Assert.Contains(
            $"paligguf.h is not in {folder.Path}. Make the library with \"dotnet cake --target=CLibrary\"",
            await PlayAsync(1, ["--library", folder.Path, "--seconds", "0"]), StringComparison.Ordinal);
        string model = folder.File("nowhere.gguf");
        Assert.Contains(
            $"{model}: no such model file.",
            await PlayAsync(1, ["--library", PublishedLibrary.Folder, "--model", model, "--seconds", "4"]), StringComparison.Ordinal);
        Assert.Contains("--modle is no option: --library, ", await PlayAsync(2, ["--modle", model]), StringComparison.Ordinal);
    }

    [HostFact("love", "xvfb-run", "timeout")]
    public async Task ItEndsInTheMiddleOfALoadAndOfAnAnswer()
    {
        string loading = await PlayAsync(0, ["--library", PublishedLibrary.Folder, "--seconds", "0"]);
        Assert.StartsWith("loading: 1 frames", loading, StringComparison.Ordinal);

        // As Ctrl-C does, at whatever moment that is.
        string[] interrupted = ["timeout", "--preserve-status", "-s", "INT", "3"];
        Assert.Contains("frames of", await PlayAsync(0, ["--library", PublishedLibrary.Folder], interrupted), StringComparison.Ordinal);
    }

    private static async Task<string> PlayAsync(int status, string[] arguments, params string[] within)
    {
        (int real, string output) = await DotnetCommand.TryAsync(
            Repository.Root, "xvfb-run", [.. Display, .. within, "love", Sample, .. arguments]);
        Assert.True(real == status, $"love {string.Join(' ', arguments)}: {real}, expected {status}\n{output}");
        return output;
    }

    private static void AssertBoxesAreDrawn(RgbImage screen, string answer)
    {
        Assert.Equal((840, 480), (screen.Width, screen.Height));
        string[] boxes = answer.TrimEnd().Split('\n')[1..];
        for (int index = 0; index < boxes.Length; index++)
        {
            int[] sides = [.. boxes[index].Split(' ')[1..].Select(side => int.Parse(side, CultureInfo.InvariantCulture))];
            int offset = (((sides[1] + sides[3]) / 2 * screen.Width) + sides[0]) * 3;
            ReadOnlySpan<byte> pixel = screen.Pixels[offset..];
            Assert.Equal(BoxColors[index], (pixel[0], pixel[1], pixel[2]));
        }
    }
}
