#nullable enable
namespace PaliGguf.Unity
{
    /// <summary>A thing that was found. Pixels are of the picture as it was given, from its upper left corner.</summary>
    public readonly struct PaliFound
    {
        internal PaliFound(string label, Layouts.FoundObject found, byte[]? mask)
        {
            Label = label;
            Score = found.score;
            Left = found.x_min;
            Top = found.y_min;
            Right = found.x_max;
            Bottom = found.y_max;
            MaskLeft = found.mask_left;
            MaskTop = found.mask_top;
            MaskWidth = found.mask_width;
            MaskHeight = found.mask_height;
            Mask = mask;
        }

        public string Label { get; }

        /// <summary>From 0 to 1.</summary>
        public float Score { get; }

        public float Left { get; }

        public float Top { get; }

        public float Right { get; }

        public float Bottom { get; }

        public int MaskLeft { get; }

        public int MaskTop { get; }

        public int MaskWidth { get; }

        public int MaskHeight { get; }

        /// <summary>A byte a pixel of the mask's rectangle, rows from the top, 255 inside; null where there is none.</summary>
        public byte[]? Mask { get; }
    }
}
