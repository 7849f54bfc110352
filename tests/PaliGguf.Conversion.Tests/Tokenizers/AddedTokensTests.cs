using PaliGguf.Conversion.Tokenizers;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Tokenizers;

public sealed class AddedTokensTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_without_the_files_adds_nothing() => Assert.Empty(Read());

    [Fact]
    public void The_list_is_joined_with_what_the_tokenizer_configuration_tells()
    {
        Write("added_tokens.json", """{"<image>": 10, "<more>": 11}""");
        Write("tokenizer_config.json", """{"added_tokens_decoder":{"10":{"content":"<image>","special":true},"12":{"content":"<last>"}}}""");
        Assert.Equal([new(10, "<image>", true), new(11, "<more>", false), new(12, "<last>", false)], Read());
    }

    [Fact]
    public void The_newest_checkpoints_have_tokenizer_json_only()
    {
        Write("tokenizer.json", """{"version":"1.0","added_tokens":[{"id":10,"content":"<image>","special":true}],"model":{"vocab":{"a":0}}}""");
        Assert.Equal([new(10, "<image>", true)], Read());
    }

    [Fact]
    public void Flags_that_change_nothing_are_fine()
    {
        Write("tokenizer_config.json", """
            {"added_tokens_decoder":{"5":{"content":"<a>","lstrip":false,"rstrip":false,"single_word":false,"normalized":true}}}
            """);
        Assert.Equal([new(5, "<a>", false)], Read());
    }

    [Theory]
    [InlineData("added_tokens.json", """{"<image>": "x"}""", "<image> is \"x\"")]
    [InlineData("added_tokens.json", """{"<image>": -1}""", "<image> is -1")]
    [InlineData("added_tokens.json", """{"<image>": null}""", "<image> is missing")]
    [InlineData("added_tokens.json", """[]""", "not an object")]
    [InlineData("added_tokens.json", """{"a":1,"b":1}""", "added token 1")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder":{"x":{"content":"a"}}}""", "key x")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder":{"5":{}}}""", "added_tokens_decoder.5.content is missing")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder":{"5":7}}""", "added_tokens_decoder.5 is 7")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder":{"5":{"content":"<a>","lstrip":true}}}""",
        "lstrip is true: the spaces beside")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder":{"5":{"content":"<a>","rstrip":true}}}""",
        "rstrip is true: the spaces beside")]
    [InlineData("tokenizer.json", """{"added_tokens":[{"id":5,"content":"cat","single_word":true}]}""",
        "single_word is true: cat would be no")]
    [InlineData("tokenizer.json", """{"added_tokens":[{"id":5,"content":"a cat","normalized":true}]}""",
        "normalized is true: the spaces of a cat")]
    [InlineData("tokenizer.json", """{"added_tokens":[1]}""", "not an object")]
    [InlineData("tokenizer.json", """{"added_tokens":[{"content":"a"}]}""", "added_tokens.id is missing")]
    public void Malformed_files_are_refused(string file, string content, string message)
    {
        Write(file, content);
        OneLineError.Check(() => Read(), _folder.File(file), message);
    }

    private void Write(string name, string content) => File.WriteAllText(_folder.File(name), content);

    private AddedToken[] Read() => [.. AddedTokens.Read(_folder.Path).Tokens];
}
