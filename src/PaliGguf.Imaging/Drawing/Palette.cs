namespace PaliGguf.Imaging.Drawing;

/// <summary>A colour for each label: different ones within a picture, and where possible the same for a label in all pictures.</summary>
internal static class Palette
{
    // Picked one after the other so that each is as far as possible from all before it in the Oklab colour space, among those of lightness 0.66 to 0.9 and chroma 0.11 or more:
    // light enough for dark text on them and for a dark line around them.
    private static ReadOnlySpan<int> Colours =>
    [
        0x9C95FE, 0xAAFA2E, 0xFE7802, 0x29AC68, 0xF040A6, 0x7AF4FB, 0xFEADDB, 0xE6C873, 0x3DB6CF, 0xAC8F38,
        0xC558F0, 0x2EDB4B, 0xCC757C, 0x7BCC98, 0xF288F9, 0xB7F0AB, 0xF59D87, 0x3E96EA, 0xB07BBC, 0xFF3963,
    ];

    public static int Count => Colours.Length;

    /// <summary>The colours of labels, in their order. A label that an earlier one has taken the colour of gets the next that is free.</summary>
    public static Dictionary<string, Colour> Assign(IEnumerable<string> labels)
    {
        Dictionary<string, Colour> assigned = new(StringComparer.Ordinal);
        HashSet<int> taken = [];
        foreach (string label in labels)
        {
            if (assigned.ContainsKey(label)) continue;
            if (taken.Count == Count) taken.Clear();
            int place = (int)(Hash(label) % (uint)Count);
            while (!taken.Add(place)) place = (place + 1) % Count;
            assigned[label] = Colour.FromRgb(Colours[place]);
        }

        return assigned;
    }

    /// <summary>FNV-1a, the same in every process.</summary>
    private static uint Hash(string label)
    {
        uint hash = 2166136261;
        foreach (char c in label) hash = (hash ^ c) * 16777619;
        return hash ^ (hash >> 15);
    }
}
