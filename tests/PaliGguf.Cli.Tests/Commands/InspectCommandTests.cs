using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class InspectCommandTests
{
    private static readonly string Vision = Directory.GetFiles(Repository.PaliNano, "mmproj-*.gguf").Single();

    [Fact]
    public async Task The_parts_and_the_types_add_up_to_the_tensors()
    {
        JsonElement file = (await BuiltProgram.RunAsync("inspect", Vision, "--json")).Succeeded().Json();
        long bytes = file.GetProperty("tensors").EnumerateArray().Sum(tensor => tensor.GetProperty("bytes").GetInt64());
        Assert.Equal(new FileInfo(Vision).Length, file.GetProperty("bytes").GetInt64());
        Assert.Equal(bytes, file.GetProperty("types").EnumerateArray().Sum(share => share.GetProperty("bytes").GetInt64()));
        Assert.Equal(bytes, file.GetProperty("parts").EnumerateArray().Sum(share => share.GetProperty("bytes").GetInt64()));
        Assert.DoesNotContain(file.GetProperty("parts").EnumerateArray(), share => share.GetProperty("name").GetString()!.Contains("other", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tables_are_plain_text_when_redirected()
    {
        string output = (await BuiltProgram.RunAsync("inspect", Vision)).Succeeded().Output;
        Assert.Contains("clip.projector_type", output);
        Assert.Contains("mm.0.weight", output);
        Assert.Contains("256 x 256", output);
        Assert.DoesNotContain('\e', output);
    }
}
