using PaliGguf.Conversion.Sources;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Sources;

public sealed class CheckpointFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<byte[]> TextsThatAreNone =>
    [
        [.. "{\""u8, 0xC1, .. "\":1}"u8],
        [.. "{\"a\":\""u8, 0xEF, .. "\"}"u8],
        [.. "{\"\\ud83d\":1}"u8],
        [.. "{\"a\":[\"\\udc00\"]}"u8],
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(TextsThatAreNone))]
    public void Text_that_is_not_Unicode_is_refused_before_anybody_asks_for_it(byte[] content)
    {
        string path = _folder.File("config.json");
        File.WriteAllBytes(path, content);
        OneLineError.Check(() => CheckpointFile.ReadJson(path), [path, "not valid JSON"]);
    }

    [Fact]
    public void Escaped_pairs_are_text()
    {
        string path = _folder.File("config.json");
        File.WriteAllText(path, """{"\ud83d\ude00":"\u0e40"}""");
        using System.Text.Json.JsonDocument document = CheckpointFile.ReadJson(path);
        Assert.Equal("เ", document.RootElement.GetProperty("😀").GetString());
    }
}
