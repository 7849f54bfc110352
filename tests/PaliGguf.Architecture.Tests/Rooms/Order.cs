namespace PaliGguf.Architecture.Tests.Rooms;

/// <summary>
/// An order from the lowest to the highest, as "A &lt; B, C &lt; D": who stands higher may use whoever stands lower; those side by side do
/// not know each other.
/// </summary>
internal sealed class Order
{
    private readonly Dictionary<string, int> _levels = new(StringComparer.Ordinal);

    public Order(string text)
    {
        const StringSplitOptions Plain = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        string[][] levels = [.. text.Split('<').Select(level => level.Split(',', Plain))];
        for (int level = 0; level < levels.Length; level++)
        {
            foreach (string name in levels[level]) _levels.Add(name, level);
        }

        // Where an order does not place them, shared types are below all and the front door is above.
        _levels.TryAdd(RoomGraph.Shared, -1);
        _levels.TryAdd(RoomGraph.FrontDoor, levels.Length);
    }

    public bool Has(string name) => _levels.ContainsKey(name);

    /// <summary>The names that are neither shared types nor the front door.</summary>
    public IEnumerable<string> Names => _levels.Keys.Where(name => name is not (RoomGraph.Shared or RoomGraph.FrontDoor));

    public bool Allows(string user, string used) => _levels[used] < _levels[user];
}
