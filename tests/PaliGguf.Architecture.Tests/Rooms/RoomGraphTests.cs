namespace PaliGguf.Architecture.Tests.Rooms;

public sealed class RoomGraphTests
{
    [Fact]
    public void Rooms_that_use_each_other_are_a_circle()
    {
        string circle = Assert.Single(Circles(
            "namespace Sample.Left { class X { Sample.Right.Y _field; } }",
            "namespace Sample.Right { class Y { object M() => typeof(Sample.Left.X); } }"));

        Assert.Contains("Left, Right are a circle", circle, StringComparison.Ordinal);
        Assert.Contains("Left -> Right: X uses Y", circle, StringComparison.Ordinal);
        Assert.Contains("Right -> Left: Y uses X", circle, StringComparison.Ordinal);
    }

    [Fact]
    public void So_are_rooms_that_do_so_through_a_third() => Assert.Contains(
        "A, B, C are a circle",
        Assert.Single(Circles(
            "namespace Sample.A { class X { Sample.B.Y _field; } }",
            "namespace Sample.B { class Y { Sample.C.Z _field; } }",
            "namespace Sample.C { class Z { Sample.A.X _field; } }")),
        StringComparison.Ordinal);

    [Fact]
    public void Rooms_in_one_direction_are_none() => Assert.Empty(Circles(
        "namespace Sample.A { class X { Sample.B.Y _field; Sample.C.Z _other; } }",
        "namespace Sample.B { class Y { Sample.C.Z _field; } }",
        "namespace Sample.C { class Z { } }"));

    [Fact]
    public void A_type_of_the_root_that_uses_no_room_is_shared_by_all()
    {
        RoomGraph graph = Assert.Single(Graphs(
            "namespace Sample { class Options { Limits _limits; } class Limits { } class Front { Sample.A.X _field; Options _options; } }",
            "namespace Sample.A { class X { Sample.Options _field; } }"));

        Assert.Empty(graph.Circles());
        Assert.Equal([RoomGraph.Shared], graph.UsedBy("A"));
        Assert.Equal(["A", RoomGraph.Shared], graph.UsedBy(RoomGraph.FrontDoor).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_room_that_uses_the_front_door_is_in_a_circle() => Assert.Contains(
        "A, front door are a circle",
        Assert.Single(Circles(
            "namespace Sample { class Front { Behind _field; } class Behind { Sample.A.X _field; } }",
            "namespace Sample.A { class X { Sample.Front _field; } }")),
        StringComparison.Ordinal);

    [Fact]
    public void Rooms_within_a_room_count_as_that_room_and_have_a_direction_of_their_own()
    {
        string[] sources =
        [
            "namespace Sample.A { class X { Sample.A.Inner.Y _field; } }",
            "namespace Sample.A.Inner { class Y { Sample.A.Other.Z _field; } }",
            "namespace Sample.A.Other { class Z { Sample.A.Inner.Y _field; } }",
            "namespace Sample.B { class W { Sample.A.Other.Z _field; } }",
        ];

        Assert.Equal(["Sample", "Sample.A"], Graphs(sources).Select(graph => graph.Name));
        Assert.Equal(["A"], Graphs(sources).First().UsedBy("B"));
        Assert.StartsWith("Sample.A: Inner, Other are a circle", Assert.Single(Circles(sources)), StringComparison.Ordinal);
    }

    [Fact]
    public void Types_outside_the_root_namespace_count_as_of_it() => Assert.Contains(
        "A, front door are a circle",
        Assert.Single(Circles(
            "namespace Elsewhere { class Extensions { Sample.A.X _field; } }",
            "namespace Sample.A { class X { Elsewhere.Extensions _field; } }")),
        StringComparison.Ordinal);

    private static IEnumerable<string> Circles(params string[] sources) => Graphs(sources).SelectMany(graph => graph.Circles());

    private static IEnumerable<RoomGraph> Graphs(params string[] sources) => RoomGraph.Of(CompiledSample.Of(sources), "Sample");
}
