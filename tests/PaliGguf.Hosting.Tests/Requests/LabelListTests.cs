using PaliGguf.Hosting.Requests;

namespace PaliGguf.Hosting.Tests.Requests;

public sealed class LabelListTests
{
    [Fact]
    public void A_text_may_name_several_things() =>
        Assert.Equal(["cat", "red car", "dog"], LabelList.Of("labels", ["cat ; red car", " dog;"]));

    [Theory]
    [InlineData("cat ; red car", "cat|red car")]
    [InlineData("[\"cat\", \"red car; dog\"]", "cat|red car|dog")]
    [InlineData(" ; ", "")]
    public void One_text_may_be_that_of_a_list(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', LabelList.Of("labels", text)));

    [Theory]
    [InlineData("", "labels is missing")]
    [InlineData(" ; ", "labels is missing")]
    [InlineData("['cat']", "labels: expected a list of texts")]
    [InlineData("{cat}", "labels: expected a list of texts")]
    public void What_names_nothing_is_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FieldException>(() => LabelList.Of("labels", [text])).Message);
}
