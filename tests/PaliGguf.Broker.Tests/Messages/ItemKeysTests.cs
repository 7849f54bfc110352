using PaliGguf.Broker.Messages;

namespace PaliGguf.Broker.Tests.Messages;

public sealed class ItemKeysTests
{
    [Fact]
    public void A_key_is_the_same_in_every_run_and_another_for_whatever_changes_the_answer()
    {
        AnswerTerms terms = AnswerTerms.Of(Sample.Options);
        Assert.True(ItemKeys.IsKey(Sample.Key));
        Assert.Equal(Sample.Key, new ItemKeys(Sample.Model, terms, "").Of("a", Sample.Questions));
        string[] others =
        [
            new ItemKeys(Sample.Model, terms, "").Of("b", Sample.Questions),
            new ItemKeys(Sample.Model, terms, "").Of("a", Sample.Questions[..2]),
            new ItemKeys(Sample.Model, terms, "again").Of("a", Sample.Questions),
            new ItemKeys(Sample.OtherModel, terms, "").Of("a", Sample.Questions),
            new ItemKeys(Sample.Model, terms with { MaxTokens = 18 }, "").Of("a", Sample.Questions),
        ];
        Assert.Equal(others.Length + 1, others.Append(Sample.Key).Distinct().Count());
    }
}
