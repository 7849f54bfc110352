using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Scoring;

namespace PaliGguf.Evaluation.Tests.Scoring;

public sealed class EvaluationTaskTests
{
    private static readonly EvaluationItem Item = new(new ExpectedAnswer("1", ["a"]), new PictureFile("a.png"), "x.jsonl, line 3");

    [Fact]
    public void A_prompt_comes_from_the_user_the_item_or_the_task_in_this_order()
    {
        EvaluationTask task = EvaluationTask.Find("vqav2");
        EvaluationItem item = Item with { Question = "what is {this}?" };
        Assert.Equal("answer de what is {this}?", task.PromptOf(item, "German"));
        Assert.Equal("my own", task.PromptOf(item with { Prompt = "my own" }, "en"));
        Assert.Equal("Q: what is {this}? A:", task.PromptOf(item with { Prompt = "my own" }, "en", "Q: {question} A:"));
        Assert.Equal("caption th", EvaluationTask.Find("thai-captions").PromptOf(Item, "en"));
        Assert.Equal("detect cat ; dog", EvaluationTask.Find("detection").PromptOf(Item with { Labels = ["cat", "dog"] }, "en"));
    }

    [Fact]
    public void What_a_prompt_needs_and_an_item_lacks_is_an_error()
    {
        Assert.Contains(
            "x.jsonl, line 3: the prompt 'answer en {question}' needs a question",
            Assert.Throws<PaliException>(() => EvaluationTask.Find("vqav2").PromptOf(Item, "en")).Message);
        Assert.Contains("needs a label", Assert.Throws<PaliException>(() => EvaluationTask.Find("detection").PromptOf(Item, "en")).Message);
        Assert.Throws<PaliException>(() => EvaluationTask.Find("coco-captions").PromptOf(Item, "klingon"));
    }
}
