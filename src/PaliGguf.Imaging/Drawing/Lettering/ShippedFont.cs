using System.Reflection;
using HarfBuzzSharp;
using SkiaSharp;

namespace PaliGguf.Imaging.Drawing.Lettering;

/// <summary>A font that lies in this assembly, for shaping (HarfBuzz) and for outlines (Skia). What the machine has installed is never
/// used: drawings look the same everywhere.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Fonts live as long as the process.")]
internal sealed class ShippedFont
{
    // Noto Sans first: it has what scripts share, such as digits and punctuation. The last one is large, and its file has no marks to
    // place.
    private static readonly Lazy<ShippedFont>[] All =
    [
        .. new[]
        {
            "NotoSans", "NotoSansThai", "NotoSansArabic", "NotoSansHebrew",
            "NotoSansDevanagari", "NotoSansBengali", "NotoSansTelugu", "NotoSansTamil", "NotoSansGujarati", "NotoSansGurmukhi",
            "NotoSansKannada", "NotoSansMalayalam", "NotoSansOriya",
            "NotoSansSinhala", "NotoSansLao", "NotoSansKhmer", "NotoSansMyanmar", "NotoSansEthiopic", "NotoSansGeorgian",
            "NotoSansArmenian", "NotoSansThaana", "DroidSansFallback",
        }.Select(name => new Lazy<ShippedFont>(() => new ShippedFont(name))),
    ];

    private readonly Font _lookup;

    private ShippedFont(string name)
    {
        using Stream resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(name + ".ttf")!;
        SKData data = SKData.Create(resource);
        Typeface = SKTypeface.FromData(data);
        Face = new Face(new Blob(data.Data, (int)data.Size, MemoryMode.ReadOnly, () => data.Dispose()), 0);
        Face.MakeImmutable();
        _lookup = new Font(Face);
    }

    public SKTypeface Typeface { get; }

    public Face Face { get; }

    /// <summary>The font that has all characters of a piece of text; where none has, the first, which shows a box for those that it
    /// lacks.</summary>
    public static ShippedFont For(ReadOnlySpan<char> element)
    {
        foreach (Lazy<ShippedFont> font in All)
        {
            if (font.Value.Has(element)) return font.Value;
        }

        return All[0].Value;
    }

    private bool Has(ReadOnlySpan<char> element)
    {
        foreach (System.Text.Rune rune in element.EnumerateRunes())
        {
            bool invisible = System.Text.Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Format
                || rune.Value is >= 0xFE00 and <= 0xFE0F;
            if (!invisible && !_lookup.TryGetNominalGlyph(rune.Value, out _)) return false;
        }

        return true;
    }
}
