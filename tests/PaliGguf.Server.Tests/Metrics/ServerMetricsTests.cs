using System.Globalization;
using System.Text.RegularExpressions;

namespace PaliGguf.Server.Tests.Metrics;

public sealed partial class ServerMetricsTests
{
    [Fact]
    public async Task Requests_are_measured_under_the_names_of_the_conventions()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.TextAsync("/api/caption", new { image = Samples.Base64(1) });
        await (await server.PostAsync("/v1/chat/completions",
            new { messages = new[] { Samples.Ask(1, "caption en") }, max_tokens = 3 })).JsonAsync();
        await (await server.PostAsync("/api/caption", new { image = Samples.Base64(1), maxTokens = 0 })).ProblemAsync(422, "invalid_request");
        string text = await server.Client.GetStringAsync("/metrics");
        Dictionary<string, double> values = Parse(text);

        const string Caption = "gen_ai_operation_name=\"caption\",gen_ai_provider_name=\"paligguf\",gen_ai_request_model=\"pali-nano\"";
        const string Chat = "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"paligguf\",gen_ai_request_model=\"pali-nano\"";
        Assert.Equal(1, values[$"gen_ai_server_request_duration_seconds_count{{{Caption}}}"]);
        Assert.Equal(1, values[$"gen_ai_server_request_duration_seconds_count{{error_type=\"invalid_request\",{Caption}}}"]);
        Assert.Equal(1, values[$"gen_ai_server_request_duration_seconds_count{{{Chat}}}"]);
        Assert.Equal(68, values[$"gen_ai_client_token_usage_sum{{{Caption},gen_ai_token_type=\"input\"}}"]);
        Assert.Equal(6, values[$"gen_ai_client_token_usage_sum{{{Caption},gen_ai_token_type=\"output\"}}"]);
        Assert.Equal(3, values[$"gen_ai_client_token_usage_sum{{{Chat},gen_ai_token_type=\"output\"}}"]);
        Assert.Equal(1, values[$"gen_ai_client_token_usage_bucket{{{Caption},gen_ai_token_type=\"output\",le=\"16\"}}"]);
        Assert.Equal(0, values[$"gen_ai_client_token_usage_bucket{{{Caption},gen_ai_token_type=\"output\",le=\"4\"}}"]);
        Assert.Equal(1, values[$"gen_ai_server_time_to_first_token_seconds_count{{{Caption}}}"]);
        Assert.Equal(1, values[$"gen_ai_server_time_per_output_token_seconds_count{{{Caption}}}"]);
        Assert.Equal(3, values["paligguf_queue_duration_seconds_count"]);
        Assert.Equal(0, values["paligguf_requests_running"]);
        Assert.True(values["dotnet_process_memory_working_set_bytes"] > 1 << 20);
        Assert.Contains(values.Keys, key => key.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal) && key.Contains("http_route=\"/api/caption\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_servers_of_the_process_have_metrics_of_their_own()
    {
        await using RunningServer asked = await RunningServer.StartAsync();
        await using RunningServer other = await RunningServer.StartAsync();
        await asked.TextAsync("/api/caption", new { image = Samples.Base64(1) });
        Assert.Equal(1, Parse(await asked.Client.GetStringAsync("/metrics"))["paligguf_queue_duration_seconds_count"]);
        Assert.DoesNotContain("paligguf_queue_duration_seconds_count", await other.Client.GetStringAsync("/metrics"));
    }

    [Fact]
    public async Task Who_accepts_OpenMetrics_gets_it()
    {
        RunningServer server = await RunningServer.Shared;
        using HttpRequestMessage request =
            new(HttpMethod.Get, "/metrics") { Headers = { { "Accept", "application/openmetrics-text;version=1.0.0" } } };
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        Assert.Equal("application/openmetrics-text", response.Content.Headers.ContentType?.MediaType);
        Assert.EndsWith("# EOF\n", await response.Content.ReadAsStringAsync());
    }

    /// <summary>Reads the text as a scraper does: every line is a comment or a sample. Labels are sorted; that of the meter is left
    /// out.</summary>
    private static Dictionary<string, double> Parse(string text)
    {
        Dictionary<string, double> values = new(StringComparer.Ordinal);
        Assert.EndsWith("\n", text);
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (Comment().IsMatch(line)) continue;
            Match sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            string labels =
                string.Join(',',
                    sample.Groups["label"].Captures.Select(label => label.Value)
                        .Where(label => !label.StartsWith("otel_scope_name=", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
            values.Add(sample.Groups["name"].Value + (labels.Length > 0 ? $"{{{labels}}}" : ""),
                double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture));
        }

        return values;
    }

    [GeneratedRegex("^# (HELP [a-z_]+ .*|TYPE [a-z_]+ (counter|gauge|histogram))$", RegexOptions.ExplicitCapture)]
    private static partial Regex Comment();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<label>[a-z_]+="([^"\\\n]|\\[\\n"])*"),?)+\})? (?<value>[-+0-9.eEInfNa]+)$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Sample();
}
