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

    [Fact]
    public async Task Verifying_looks_at_every_number()
    {
        JsonElement sound = (await BuiltProgram.RunAsync("inspect", Vision, "--verify", "--json")).Succeeded().Json();
        Assert.True(sound.GetProperty("verification").GetProperty("sound").GetBoolean());
        Assert.Equal(sound.GetProperty("tensors").GetArrayLength(), sound.GetProperty("verification").GetProperty("tensors").GetArrayLength());

        using TemporaryFolder folder = new();
        JsonElement tensor = sound.GetProperty("tensors").EnumerateArray().Single(tensor => tensor.GetProperty("name").GetString() == "v.post_ln.bias");
        byte[] content = File.ReadAllBytes(Vision);
        BitConverter.TryWriteBytes(content.AsSpan((int)tensor.GetProperty("offset").GetInt64() + 8), float.NaN);
        string damaged = folder.File("damaged.gguf");
        File.WriteAllBytes(damaged, content);
        ProgramResult result = await BuiltProgram.RunAsync("inspect", damaged, "--verify");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("1 numbers are infinite or not a number", result.Output, StringComparison.Ordinal);
        Assert.Contains("v.post_ln.bias", result.Output[result.Output.IndexOf("not a number", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }
}
