using PaliGguf.Evaluation.Metrics.Bert;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Metrics.Bert;

public sealed class BertBaselineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("LAYER,P,R,F\n0,0.1,0.2,0.3\n9,0.6320527,0.6320019,0.63146895\n")]
    [InlineData("LAYER,P,R,F\r\n9, 6.320527e-1 ,0.6320019,0.63146895\r\n\r\nnot read")]
    public void The_line_of_a_layer_is_read(string text) =>
        Assert.Equal(new BertScore(0.6320527, 0.6320019, 0.63146895), BertBaseline.Read(Write(text), 9));

    [Theory]
    [InlineData("", "line 1: the header LAYER,P,R,F is missing")]
    [InlineData("9,0.1,0.2,0.3", "line 1")]
    [InlineData("LAYER,P,R,F\n8,0.1,0.2,0.3", "no line for layer 9")]
    [InlineData("LAYER,P,R,F\n9,0.1,0.2", "line 2: expected a layer and three numbers")]
    [InlineData("LAYER,P,R,F\n9,0.1,0.2,1", "line 2: expected three numbers between")]
    [InlineData("LAYER,P,R,F\n9,0.1,0.2,NaN", "line 2")]
    [InlineData("LAYER,P,R,F\n9,0.1,0.2,x", "line 2")]
    public void What_is_malformed_is_an_error_with_its_line(string text, string message) =>
        Assert.Contains(message, Assert.Throws<PaliException>(() => BertBaseline.Read(Write(text), 9)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_or_large_file_is_an_error()
    {
        Assert.Contains("can not be read", Assert.Throws<PaliException>(() => BertBaseline.Read(_folder.File("x"), 9)).Message);
        string large = Write(new string('x', (1 << 20) + 1));
        Assert.Contains("more than the", Assert.Throws<PaliException>(() => BertBaseline.Read(large, 9)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Write(string text) => _folder.Write("baseline.tsv", System.Text.Encoding.UTF8.GetBytes(text));
}
