namespace PaliGguf.Imaging.Drawing;

/// <summary>A rectangle of whole pixels; the right and lower edges lie behind its last pixels.</summary>
internal readonly record struct Rectangle(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;

    public int Height => Bottom - Top;

    public Rectangle Grown(int by) => new(Left - by, Top - by, Right + by, Bottom + by);

    public Rectangle Moved(int right, int down) => new(Left + right, Top + down, Right + right, Bottom + down);

    public bool Contains(Rectangle other) => other.Left >= Left && other.Top >= Top && other.Right <= Right && other.Bottom <= Bottom;

    /// <summary>How many pixels lie in both.</summary>
    public long Overlap(Rectangle other) =>
        (long)Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left)) * Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top));
}
