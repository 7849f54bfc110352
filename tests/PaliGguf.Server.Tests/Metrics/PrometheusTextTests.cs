using PaliGguf.Server.Metrics;

namespace PaliGguf.Server.Tests.Metrics;

public sealed class PrometheusTextTests
{
    [Theory]
    [InlineData("gen_ai.server.request.duration", "s", false, "gen_ai_server_request_duration_seconds")]
    [InlineData("gen_ai.client.token.usage", "{token}", false, "gen_ai_client_token_usage")]
    [InlineData("requests.refused", "{request}", true, "requests_refused_total")]
    [InlineData("pictures.size", "By", false, "pictures_size_bytes")]
    [InlineData("size.bytes", "By", false, "size_bytes")]
    [InlineData("load", "1", false, "load_ratio")]
    [InlineData("2nd-name", null, false, "_2nd_name")]
    public void Names_are_those_of_OpenTelemetrys_rules(string name, string? unit, bool counter, string expected) => Assert.Equal(expected, PrometheusText.MetricName(name, unit, counter));

    [Fact]
    public void Label_values_are_escaped() =>
        Assert.Equal("""{a="x\\y\"z\n",b=""}""", PrometheusText.Labels([new("a", "x\\y\"z\n"), new("b", "")]));

    [Theory]
    [InlineData(0.25, "0.25")]
    [InlineData(1e21, "1E+21")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NaN, "NaN")]
    public void Numbers_are_written_as_Go_reads_them(double value, string expected) => Assert.Equal(expected, PrometheusText.Number(value));
}
