using PaliGguf.Architecture.Tests.Rooms;

namespace PaliGguf.Architecture.Tests;

/// <summary>Holds every project of src/ to rooms in one direction.</summary>
public sealed class RoomTests
{
    public static TheoryData<string> Projects => [.. ProjectAssemblies.Names];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_project_is_looked_at(string project) =>
        Assert.True(File.Exists(ProjectAssemblies.PathOf(project)), $"{project} was not compiled to {ProjectAssemblies.PathOf(project)}.");

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_rooms_are_a_circle(string project) => Assert.Empty(Graphs(project).SelectMany(graph => graph.Circles()));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Rooms_use_only_lower_ones(string project)
    {
        Order order = DeclaredOrders.RoomsOf(project);
        RoomGraph? graph = Graphs(project).FirstOrDefault(graph => graph.Name == project);
        string[] rooms = graph is null ? [] : [.. graph.Rooms.Order(StringComparer.Ordinal)];
        Assert.True(
            rooms.ToHashSet(StringComparer.Ordinal).SetEquals(order.Names),
            $"{project} has the rooms {string.Join(", ", rooms)}, and {nameof(DeclaredOrders)} has {string.Join(", ", order.Names)}.");
        if (graph is null) return;
        Assert.Empty(
            from user in rooms.Append(RoomGraph.FrontDoor).Append(RoomGraph.Shared)
            from used in graph.UsedBy(user)
            where !order.Allows(user, used)
            select $"{user} may not use {used}: {graph.Reasons(user, used)}");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Projects_use_only_lower_ones(string project)
    {
        Order order = DeclaredOrders.Projects;
        Assert.True(order.Has(project), $"{nameof(DeclaredOrders)} has no place for {project}.");
        Assert.All(ProjectAssemblies.Read(project).References.Where(order.Has),
            used => Assert.True(order.Allows(project, used), $"{project} may not use {used}."));
    }

    private static IEnumerable<RoomGraph> Graphs(string project) => RoomGraph.Of(ProjectAssemblies.Read(project), project);
}
