using PaliGguf.Architecture.Tests.Metadata;

namespace PaliGguf.Architecture.Tests.Rooms;

/// <summary>
/// The rooms of a namespace and who of them uses whom. A room is a namespace within it, with all that is within that. A type of the
/// namespace itself that uses a room, directly or through others like it, is of the front door, which is above the rooms; a type that uses
/// none is shared by them, and below. What lies in a namespace outside the project's own counts as of its root.
/// </summary>
internal sealed class RoomGraph
{
    public const string Shared = "shared types";
    public const string FrontDoor = "front door";

    private readonly Dictionary<string, Dictionary<string, List<TypeUse>>> _uses = new(StringComparer.Ordinal);

    private RoomGraph(string name, IReadOnlyCollection<NamedType> types, IReadOnlyCollection<TypeUse> uses, Func<NamedType, string> roomOf)
    {
        Name = name;
        Rooms = types.Select(roomOf).Where(room => room is not (Shared or FrontDoor)).ToHashSet(StringComparer.Ordinal);
        foreach (TypeUse use in uses)
        {
            (string user, string used) = (roomOf(use.User), roomOf(use.Used));
            if (user == used) continue;
            if (!_uses.TryGetValue(user, out Dictionary<string, List<TypeUse>>? own)) _uses[user] = own = new(StringComparer.Ordinal);
            if (!own.TryGetValue(used, out List<TypeUse>? reasons)) own[used] = reasons = [];
            reasons.Add(use);
        }
    }

    /// <summary>The namespace.</summary>
    public string Name { get; }

    /// <summary>Its rooms by their own names, without front door and shared types.</summary>
    public IReadOnlySet<string> Rooms { get; }

    /// <summary>The rooms that a room uses.</summary>
    public IEnumerable<string> UsedBy(string room) => _uses.TryGetValue(room, out Dictionary<string, List<TypeUse>>? used) ? used.Keys : [];

    /// <summary>The graphs of a project: its own, and that of each room that has rooms within.</summary>
    /// <param name="assembly">What it was compiled to.</param>
    /// <param name="root">Its root namespace.</param>
    public static IEnumerable<RoomGraph> Of(CompiledAssembly assembly, string root)
    {
        string Place(NamedType type) => IsWithin(type.Namespace, root) ? type.Namespace : root;
        HashSet<string> places = assembly.Types.Select(Place).ToHashSet(StringComparer.Ordinal);
        IEnumerable<string> all = places.SelectMany(place => Outward(place, root)).Append(root).Distinct(StringComparer.Ordinal);
        foreach (string place in all.Order(StringComparer.Ordinal))
        {
            if (!places.Any(other => other != place && IsWithin(other, place))) continue;
            NamedType[] types = [.. assembly.Types.Where(type => IsWithin(Place(type), place))];
            TypeUse[] uses = [.. assembly.Uses.Where(use => IsWithin(Place(use.User), place) && IsWithin(Place(use.Used), place))];
            HashSet<NamedType> above = Above(uses, type => Place(type) == place);
            yield return new RoomGraph(place, types, uses, type =>
                Place(type) != place ? Place(type)[(place.Length + 1)..].Split('.')[0] : above.Contains(type) ? FrontDoor : Shared);
        }
    }

    /// <summary>Every circle of rooms, with the types that close it.</summary>
    public IEnumerable<string> Circles()
    {
        HashSet<string> told = new(StringComparer.Ordinal);
        foreach (string room in _uses.Keys.Order(StringComparer.Ordinal))
        {
            HashSet<string> circle = [.. Reached(room).Where(other => Reached(other).Contains(room))];
            if (circle.Count < 2 || !told.Add(string.Join(", ", circle.Order(StringComparer.Ordinal)))) continue;
            IEnumerable<string> steps = from user in circle.Order(StringComparer.Ordinal)
                                        from used in UsedBy(user).Where(circle.Contains).Order(StringComparer.Ordinal)
                                        select $"{user} -> {used}: {Reasons(user, used)}";
            yield return $"{Name}: {string.Join(", ", circle.Order(StringComparer.Ordinal))} are a circle.\n  {string.Join("\n  ", steps)}";
        }
    }

    /// <summary>Which types of one room use which of another.</summary>
    public string Reasons(string user, string used)
    {
        const int Shown = 6;
        List<TypeUse> all = _uses[user][used];
        string more = all.Count > Shown ? $", and {all.Count - Shown} more" : "";
        return string.Join(", ", all.Take(Shown).Select(use => $"{use.User.Name} uses {use.Used.Name}")) + more;
    }

    private HashSet<string> Reached(string room)
    {
        HashSet<string> reached = new(StringComparer.Ordinal);
        Stack<string> open = new([room]);
        while (open.TryPop(out string? next))
        {
            foreach (string used in UsedBy(next).Where(reached.Add)) open.Push(used);
        }

        return reached;
    }

    private static HashSet<NamedType> Above(TypeUse[] uses, Func<NamedType, bool> isOwn)
    {
        HashSet<NamedType> above = [];
        Stack<NamedType> open = new(uses.Where(use => isOwn(use.User) && !isOwn(use.Used)).Select(use => use.User).Where(above.Add));
        while (open.TryPop(out NamedType type))
        {
            foreach (TypeUse use in uses.Where(use => use.Used == type && isOwn(use.User)))
            {
                if (above.Add(use.User)) open.Push(use.User);
            }
        }

        return above;
    }

    private static bool IsWithin(string place, string outer) => place == outer || place.StartsWith(outer + ".", StringComparison.Ordinal);

    private static IEnumerable<string> Outward(string place, string root)
    {
        for (; place.Length > root.Length; place = place[..place.LastIndexOf('.')]) yield return place;
    }
}
