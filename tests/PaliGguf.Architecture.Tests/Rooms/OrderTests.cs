namespace PaliGguf.Architecture.Tests.Rooms;

public sealed class OrderTests
{
    private static readonly Order Order = new("A < B, C < D");

    [Theory]
    [InlineData("D", "A", true)]
    [InlineData("C", "A", true)]
    [InlineData("A", "C", false)]
    [InlineData("B", "C", false)]
    [InlineData("A", RoomGraph.Shared, true)]
    [InlineData(RoomGraph.Shared, "A", false)]
    [InlineData(RoomGraph.FrontDoor, "D", true)]
    [InlineData("D", RoomGraph.FrontDoor, false)]
    public void Who_stands_higher_may_use_who_stands_lower(string user, string used, bool allowed) =>
        Assert.Equal(allowed, Order.Allows(user, used));

    [Fact]
    public void The_front_door_may_stand_elsewhere()
    {
        Order order = new("A < front door < B");

        Assert.True(order.Allows("B", RoomGraph.FrontDoor));
        Assert.False(order.Allows(RoomGraph.FrontDoor, "B"));
    }

    [Fact]
    public void An_empty_order_has_no_names() => Assert.Empty(new Order("").Names);
}
