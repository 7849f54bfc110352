namespace PaliGguf.Scenes.Plans;

/// <summary>Which thing is seen where, coarsely: what a plan is judged by before it is drawn at some size.</summary>
internal sealed class PlanningGrid
{
    /// <summary>Its cells from left to right, and from top to bottom.</summary>
    public const int Side = 112;

    private readonly List<bool[]> _covered = [];
    private readonly List<double> _whole = [];

    /// <summary>Puts a thing in front of the others.</summary>
    public void Add(ThingPlan thing)
    {
        bool[] cells = new bool[Side * Side];
        (double width, double height) = (thing.Side * thing.Sprite.Shape.Width, thing.Side * thing.Sprite.Shape.Height);
        (double sine, double cosine) = Math.SinCos(thing.Angle * Math.PI / 180);
        double reach = Math.Sqrt((width * width) + (height * height)) / 2;
        (int left, int right) = Cells(thing.X, reach);
        (int top, int bottom) = Cells(thing.Y, reach);
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                double across = ((x + 0.5) / Side) - thing.X, down = ((y + 0.5) / Side) - thing.Y;
                double u = (((across * cosine) + (down * sine)) / width) + 0.5, v = (((down * cosine) - (across * sine)) / height) + 0.5;
                cells[(y * Side) + x] = thing.Sprite.Covers(thing.Flipped ? 1 - u : u, v);
            }
        }

        _covered.Add(cells);
        _whole.Add(thing.Sprite.Filled * width * height * Side * Side);
    }

    /// <summary>Takes the nearest away.</summary>
    public void RemoveLast()
    {
        _covered.RemoveAt(_covered.Count - 1);
        _whole.RemoveAt(_whole.Count - 1);
    }

    /// <summary>What is seen of each, the nearest last.</summary>
    public IReadOnlyList<Sight> Look()
    {
        Sight[] sights = new Sight[_covered.Count];
        bool[] taken = new bool[Side * Side];
        for (int index = _covered.Count - 1; index >= 0; index--)
        {
            int left = Side, top = Side, right = 0, bottom = 0, seen = 0;
            bool[] cells = _covered[index];
            for (int cell = 0; cell < cells.Length; cell++)
            {
                if (!cells[cell] || taken[cell]) continue;
                taken[cell] = true;
                seen++;
                (int y, int x) = Math.DivRem(cell, Side);
                (left, top) = (Math.Min(left, x), Math.Min(top, y));
                (right, bottom) = (Math.Max(right, x + 1), Math.Max(bottom, y + 1));
            }

            sights[index] = new Sight(
                seen / _whole[index], (double)left / Side, (double)top / Side, (double)right / Side, (double)bottom / Side);
        }

        return sights;
    }

    private static (int From, int To) Cells(double middle, double reach) =>
        (Math.Clamp((int)((middle - reach) * Side), 0, Side), Math.Clamp((int)((middle + reach) * Side) + 1, 0, Side));
}

/// <summary>What is seen of a thing.</summary>
/// <param name="Part">The part of it, about 1 for all of it.</param>
/// <param name="Left">The smallest box around what is seen, in parts of the picture's side.</param>
/// <param name="Top">The same from the top.</param>
/// <param name="Right">The same.</param>
/// <param name="Bottom">The same from the top.</param>
internal readonly record struct Sight(double Part, double Left, double Top, double Right, double Bottom)
{
    public double X => (Left + Right) / 2;

    public double Y => (Top + Bottom) / 2;

    public double ShorterSide => Math.Min(Right - Left, Bottom - Top);

    /// <summary>What it has in common with another, as a part of the smaller of the two boxes.</summary>
    public double Share(Sight other)
    {
        double width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        double height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        return width <= 0 || height <= 0 ? 0 : width * height / Math.Min(Area, other.Area);
    }

    /// <summary>Whether it has something in common with a box.</summary>
    public bool Meets(Sight other) => Share(other) > 0;

    private double Area => (Right - Left) * (Bottom - Top);
}
