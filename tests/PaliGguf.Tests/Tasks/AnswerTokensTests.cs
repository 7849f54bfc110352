using System.Text;
using PaliGguf.Tasks;

namespace PaliGguf.Tests.Tasks;

public sealed class AnswerTokensTests
{
    [Fact]
    public void An_instance_knows_its_tokens()
    {
        AnswerTokens tokens = Tokens("<loc0001>", "<loc0002>", "<loc0003>", "<loc0004>", " c", "at", " ;", " ", "<loc0001>", "<loc0002>", "<loc0003>", "<loc0004>", " dog");
        InstanceAnswer answer = InstanceAnswer.Parse(tokens.Text, masks: false);
        Assert.Equal([(0, 6), (8, 13)], answer.Instances.Select(tokens.Of));
    }

    [Fact]
    public void A_character_of_several_tokens_came_with_the_last_of_them()
    {
        byte[] orange = Encoding.UTF8.GetBytes("\U0001F34A");
        AnswerTokens tokens = new([Encoding.UTF8.GetBytes("<loc0001><loc0002><loc0003><loc0004> "), orange[..1], orange[1..3], orange[3..]]);
        Assert.EndsWith(" \U0001F34A", tokens.Text);
        Assert.Equal((0, 4), tokens.Of(Assert.Single(InstanceAnswer.Parse(tokens.Text, masks: false).Instances)));
    }

    [Fact]
    public void Bytes_that_are_no_text_and_tokens_without_any_do_no_harm()
    {
        AnswerTokens tokens = new([[], [0xFF, 0xC3], [], Encoding.UTF8.GetBytes("<loc0001><loc0002><loc0003><loc0004> a"), [0xE2, 0x82]]);
        AnsweredInstance instance = Assert.Single(InstanceAnswer.Parse(tokens.Text, masks: false).Instances);
        (int start, int end) = tokens.Of(instance);
        Assert.InRange(start, 0, 4);
        Assert.Equal(5, end);
        Assert.Equal("", new AnswerTokens([]).Text);
    }

    private static AnswerTokens Tokens(params string[] pieces) => new([.. pieces.Select(Encoding.UTF8.GetBytes)]);
}
