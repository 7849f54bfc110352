namespace PaliGguf.Batch.Tests;

public sealed class QuestionTests
{
    [Theory]
    [InlineData("caption", "caption th")]
    [InlineData("caption de", "caption de")]
    [InlineData(" describe ", "describe th")]
    [InlineData("ocr", "ocr")]
    [InlineData("ask what is this?", "answer th what is this?")]
    [InlineData("detect cat;dog", "detect cat ; dog")]
    [InlineData("segment red car", "segment red car")]
    public void A_task_is_called_like_the_command_that_does_it(string task, string prompt) =>
        Assert.Equal(prompt, Question.OfTask(task, "th").Prompt);

    [Fact]
    public void What_looks_for_things_has_labels_and_perhaps_masks()
    {
        Assert.Equal(["cat", "dog"], Question.OfTask("detect cat ; dog").Labels);
        Assert.False(Question.OfTask("detect cat").Masks);
        Assert.True(Question.OfTask("segment cat").Masks);
        Assert.Null(Question.OfTask("caption").Labels);
        Assert.Null(Question.OfPrompt("detect cat").Labels);
    }

    [Theory]
    [InlineData("paint", "There is no task 'paint'")]
    [InlineData("", "There is no task ''")]
    [InlineData("ocr de", "There is no task 'ocr de'")]
    [InlineData("ask", "lacks its question")]
    [InlineData("detect", "lacks what to look for")]
    [InlineData("segment ;", "lacks what to look for")]
    [InlineData("caption elvish", "elvish")]
    public void Others_are_refused_with_what_there_is(string task, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => Question.OfTask(task)).Message);
}
