namespace PaliGguf;

/// <summary>An adapter that a request uses, and how much of it.</summary>
/// <param name="Name">The name that the adapter was loaded under (<see cref="AdapterFile.Name"/>).</param>
/// <param name="Scale">1 for what was trained; 0 is the same as leaving it out. A finite number.</param>
public readonly record struct AdapterScale(string Name, float Scale = 1)
{
    internal static void Validate(IReadOnlyList<AdapterScale>? adapters)
    {
        if (adapters is null) return;
        if (adapters.Any(adapter => adapter.Name is null)) throw new ArgumentException("An adapter has no name.");
        foreach (AdapterScale adapter in adapters)
        {
            if (!float.IsFinite(adapter.Scale)) throw new ArgumentException($"The scale of the adapter '{adapter.Name}' is {adapter.Scale}, which is not a finite number.");
        }

        string? repeated = adapters.CountBy(adapter => adapter.Name, StringComparer.Ordinal).FirstOrDefault(pair => pair.Value > 1).Key;
        if (repeated is not null) throw new ArgumentException($"The adapter '{repeated}' is given more than once.");
    }
}
