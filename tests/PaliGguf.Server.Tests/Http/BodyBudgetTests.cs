using PaliGguf.Server.Http;

namespace PaliGguf.Server.Tests.Http;

public sealed class BodyBudgetTests
{
    [Fact]
    public void Bodies_share_what_there_is_and_give_it_back()
    {
        BodyBudget budget = new(100);
        Assert.True(budget.TryTake(60));
        Assert.False(budget.TryTake(41));
        Assert.True(budget.TryTake(40));
        budget.Release(60);
        Assert.True(budget.TryTake(60));
    }
}
