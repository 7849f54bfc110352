using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class BenchCommandTests
{
    [Fact]
    public async Task Json_has_the_median_of_each_figure_and_all_runs()
    {
        JsonElement json = (await BuiltProgram.RunAsync("bench", "--runs", "3", "--tokens", "5", "--json")).Succeeded().Json();
        Assert.Equal(3, json.GetProperty("runs").GetInt32());
        Assert.Equal(5, json.GetProperty("tokens").GetInt32());
        foreach (string figure in new[] { "loadMs", "visionMs", "prefixTokensPerSecond", "decodeTokensPerSecond", "peakMemoryBytes" })
        {
            double[] samples = json.GetProperty("samples").EnumerateArray().Select(sample => sample.GetProperty(figure).GetDouble()).Order().ToArray();
            Assert.Equal(3, samples.Length);
            Assert.True(samples[0] > 0, figure);
            Assert.Equal(samples[1], json.GetProperty(figure).GetDouble());
        }
    }
}
