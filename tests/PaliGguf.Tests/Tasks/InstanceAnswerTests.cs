using PaliGguf.Tasks;

namespace PaliGguf.Tests.Tasks;

public sealed class InstanceAnswerTests
{
    private const string Box = "<loc0100><loc0200><loc0300><loc0400>";

    private static readonly string Mask = string.Concat(Enumerable.Range(10, 16).Select(codeword => $"<seg{codeword:D3}>"));

    [Fact]
    public void A_box_is_upper_left_lower_right_in_steps_of_a_1023rd()
    {
        AnsweredInstance cat = Assert.Single(InstanceAnswer.Parse("<loc0000><loc0341><loc0682><loc1023> cat", masks: false).Instances);
        Assert.Equal("cat", cat.Label);
        Assert.Equal(new NormalizedBox(YMin: 0, XMin: 1 / 3f, YMax: 2 / 3f, XMax: 1), cat.Box);
        Assert.Equal(new PixelBox(XMin: 100, YMin: 0, XMax: 300, YMax: 400), cat.Box.ToPixels(width: 300, height: 600));
        Assert.Empty(cat.Codewords);
    }

    [Fact]
    public void A_mask_is_sixteen_codewords_in_their_order()
    {
        AnsweredInstance cat = Assert.Single(InstanceAnswer.Parse(Box + Mask + " cat", masks: true).Instances);
        Assert.Equal(Enumerable.Range(10, 16), cat.Codewords);
        Assert.Equal([100, 200, 300, 400], cat.Locations.AsEnumerable());
    }

    [Fact]
    public void Instances_keep_the_order_of_the_answer_and_know_where_they_are_in_it()
    {
        string text = $"{Box} cat ; <loc0001><loc0002><loc0003><loc0004> big dog";
        InstanceAnswer answer = InstanceAnswer.Parse(text, masks: false, ["big dog", "cat"]);
        Assert.Equal(["cat", "big dog"], answer.Instances.Select(instance => instance.Label));
        Assert.Equal([Box + " cat", "<loc0001><loc0002><loc0003><loc0004> big dog"], answer.Instances.Select(found => text.Substring(found.Start, found.Length)));
        Assert.Empty(answer.Rejected);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void An_empty_answer_means_that_nothing_is_there(string text)
    {
        InstanceAnswer answer = InstanceAnswer.Parse(text, masks: false, ["cat"]);
        Assert.Empty(answer.Instances);
        Assert.Empty(answer.Rejected);
    }

    [Fact]
    public void A_label_is_given_as_it_was_asked_for()
    {
        InstanceAnswer answer = InstanceAnswer.Parse($"{Box} CAT", masks: false, [" Cat "]);
        Assert.Equal("Cat", Assert.Single(answer.Instances).Label);
    }

    [Theory]
    [InlineData("<loc0001><loc0002><loc0003> cat", RejectionReason.WrongLocationCount, "3 locations, expected 4")]
    [InlineData(Box + "<loc0500> cat", RejectionReason.WrongLocationCount, "5 locations, expected 4")]
    [InlineData("<seg001> cat", RejectionReason.WrongLocationCount, "0 locations, expected 4")]
    [InlineData("<loc0300><loc0200><loc0100><loc0400> cat", RejectionReason.InvertedBox, "the box ends before it begins")]
    [InlineData("<loc0100><loc0400><loc0300><loc0200> cat", RejectionReason.InvertedBox, "the box ends before it begins")]
    [InlineData("<loc0100><loc0200><loc0100><loc0400> cat", RejectionReason.EmptyBox, "the box has no area")]
    [InlineData(Box, RejectionReason.MissingLabel, "there is no label")]
    [InlineData(Box + " rhinoceros", RejectionReason.LabelNotAsked, "the label was not asked for")]
    [InlineData(Box + "<seg001><seg002> cat", RejectionReason.WrongCodewordCount, "2 codewords, expected 0")]
    [InlineData("a cat", RejectionReason.StrayText, "text without a location")]
    [InlineData("<loc1024> cat", RejectionReason.StrayText, "text without a location")]
    public void What_is_no_instance_is_returned_with_the_reason(string text, RejectionReason reason, string explanation)
    {
        InstanceAnswer answer = InstanceAnswer.Parse(text, masks: false, ["cat"]);
        Assert.Empty(answer.Instances);
        Assert.Equal(new RejectedPart(text, reason, explanation), answer.Rejected[0]);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(0)]
    public void A_mask_of_another_number_of_codewords_is_rejected(int count)
    {
        string text = Box + string.Concat(Enumerable.Repeat("<seg001>", count)) + " cat";
        Assert.Equal(RejectionReason.WrongCodewordCount, Assert.Single(InstanceAnswer.Parse(text, masks: true).Rejected).Reason);
    }

    [Theory]
    [InlineData(Box + " cat ;", 1)]
    [InlineData("; " + Box + " cat", 1)]
    [InlineData(Box + " cat ;; " + Box + " cat", 1)]
    [InlineData(Box + " cat ; ; ;", 3)]
    public void A_separator_with_no_instance_beside_it_is_told(string text, int dangling)
    {
        InstanceAnswer answer = InstanceAnswer.Parse(text, masks: false, ["cat"]);
        Assert.All(answer.Instances, instance => Assert.Equal("cat", instance.Label));
        Assert.Equal(Enumerable.Repeat(RejectionReason.DanglingSeparator, dangling), answer.Rejected.Select(part => part.Reason));
    }

    [Fact]
    public void One_bad_part_spoils_none_of_the_others()
    {
        InstanceAnswer answer = InstanceAnswer.Parse($"{Box} cat ; <loc0001> cat ; {Box} dog", masks: false, ["cat", "dog"]);
        Assert.Equal(["cat", "dog"], answer.Instances.Select(instance => instance.Label));
        Assert.Equal("<loc0001> cat", Assert.Single(answer.Rejected).Text);
    }

    [Fact]
    public void A_forgotten_separator_loses_no_instance()
    {
        InstanceAnswer answer = InstanceAnswer.Parse($"{Box} cat{Box} dog", masks: false, ["cat", "dog"]);
        Assert.Equal(["cat", "dog"], answer.Instances.Select(instance => instance.Label));
        Assert.Empty(answer.Rejected);
    }

    [Theory]
    [InlineData("<loc0001><loc00")]
    [InlineData(Box)]
    [InlineData(Box + " ca")]
    [InlineData(";")]
    public void The_end_of_an_answer_that_was_cut_off_is_called_so(string end)
    {
        InstanceAnswer answer = InstanceAnswer.Parse($"{Box} cat ; {end}", masks: false, ["cat"], truncated: true);
        Assert.Equal("cat", answer.Instances[0].Label);
        Assert.Equal(RejectionReason.Truncated, answer.Rejected[^1].Reason);
    }

    [Fact]
    public void Only_the_last_part_of_an_answer_can_have_been_cut_off()
    {
        InstanceAnswer answer = InstanceAnswer.Parse($"{Box} ca ; {Box} cat", masks: false, ["cat"], truncated: true);
        Assert.Equal(RejectionReason.LabelNotAsked, Assert.Single(answer.Rejected).Reason);
    }
}
