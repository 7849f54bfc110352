using System.Collections.Generic;

namespace UnityEngine
{
    public readonly struct Rect
    {
        public Rect(float x, float y, float width, float height)
        {
            this.x = x;
            this.y = y;
            this.width = width;
            this.height = height;
        }

        public float x { get; }

        public float y { get; }

        public float width { get; }

        public float height { get; }
    }

    public static class Screen
    {
        public static int width => 896;

        public static int height => 448;
    }

    public static class GUI
    {
        internal static List<(Rect Place, string Text)> Drawn { get; } = new List<(Rect Place, string Text)>();

        public static void Label(Rect position, string text) => Drawn.Add((position, text));

        public static void Box(Rect position, string text) => Drawn.Add((position, text));
    }
}
