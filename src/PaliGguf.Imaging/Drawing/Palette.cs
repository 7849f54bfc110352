namespace PaliGguf.Imaging.Drawing;

/// <summary>A colour for each label: different ones within a picture, and where possible the same for a label in all pictures.</summary>
internal static class Palette
{
    // Picked one after the other so that each is as far as possible from all before it in the Oklab colour space, among colours of lightness 0.64 to 0.88:
    // light enough for dark text on them and for a dark line around them.
    private static ReadOnlySpan<int> Colours =>
    [
        0x7F99EF, 0xB8EE2C, 0xF0491C, 0x17A750, 0xFEC2EF, 0x53F2F2, 0xD44DBD, 0xDCA744, 0xCE8797, 0x7CC39D,
        0x3B9CA6, 0xE08AF3, 0xE5D994, 0x998D4A, 0x9DC7FE, 0x5BCF3E, 0xA264F6, 0xEC417B, 0x29FE98, 0xF8B09D,
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
