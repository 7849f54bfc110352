using PaliGguf.Scenes.Assets;
using SkiaSharp;

namespace PaliGguf.Scenes.Plans;

/// <summary>Thinks up words that can be read.</summary>
internal static class WordPlanner
{
    // At 112 pixels a capital is nine high.
    private const double LowestCapital = 0.08, HighestCapital = 0.24, Widest = 0.92, Contrast = 100, Margin = 0.02;

    public static WordPlan Plan(SceneRandom random, SceneAssets assets, SceneRules rules, BackdropPlan backdrop)
    {
        Shade? plate = random.Chance(0.2) ? new Shade(random.Between(0, 255), random.Between(0, 255), random.Between(0, 255)) : null;
        double behind = (plate ?? backdrop.Middle).Luminance;
        Shade ink = behind > 127 ? default : new Shade(255, 255, 255);
        for (int attempt = 0; attempt < 12; attempt++)
        {
            Shade other = new(random.Between(0, 255), random.Between(0, 255), random.Between(0, 255));
            if (Math.Abs(other.Luminance - behind) < Contrast) continue;
            ink = other;
            break;
        }

        while (true)
        {
            string text = Text(random, assets, rules);
            int font = random.Below(assets.Fonts.Count);
            double capital = WordShapes.Capital(assets, font);
            using SKPath outline = WordShapes.Outline(assets, text, font);
            SKRect shape = outline.TightBounds;
            double largest = Math.Min(HighestCapital / capital, Widest / shape.Width), least = LowestCapital / capital;
            if (largest < least) continue;
            double size = random.Between(Math.Max(least, largest * 0.55), largest);
            WordPlan word = new(text, font, 0.5, 0.5, size, rules.Turn > 10 ? random.Between(-8, 8) : 0, ink, plate);
            Sight area = Area(word, assets);
            double right = (area.Right - area.Left) / 2, down = (area.Bottom - area.Top) / 2;
            if (right > 0.49 || down > 0.49) continue;
            return word with { X = random.Between(right, 1 - right), Y = random.Between(down, 1 - down) };
        }
    }

    /// <summary>The part of the picture that is kept for a word.</summary>
    public static Sight Area(WordPlan word, SceneAssets assets)
    {
        using SKPath outline = WordShapes.Outline(assets, word.Text, word.Font);
        SKMatrix scaled = SKMatrix.CreateScale((float)word.Size, (float)word.Size);
        outline.Transform(scaled.PostConcat(SKMatrix.CreateRotationDegrees((float)word.Angle)));
        SKRect ink = outline.TightBounds;
        double margin = Margin + (word.Plate is null ? 0 : 0.02);
        return new Sight(
            1, word.X + ink.Left - margin, word.Y + ink.Top - margin, word.X + ink.Right + margin, word.Y + ink.Bottom + margin);
    }

    private static string Text(SceneRandom random, SceneAssets assets, SceneRules rules)
    {
        double kind = random.Unit();
        if (kind < 0.12) return Letters(random, 1 + random.Below(6), '0', 10);
        if (kind < 0.24) return Letters(random, 1 + random.Below(5), 'A', 26);
        string word = random.Pick(assets.Words);
        if (!random.Chance(rules.SmallLetters)) return word.ToUpperInvariant();
        return random.Chance(0.5) ? word : char.ToUpperInvariant(word[0]) + word[1..];
    }

    private static string Letters(SceneRandom random, int length, char first, int count)
    {
        char[] letters = new char[length];
        for (int i = 0; i < length; i++) letters[i] = (char)(first + random.Below(count));
        return new string(letters);
    }
}
