namespace PaliGguf.Imaging.Drawing;

/// <summary>Finds places for the fields of labels: inside the picture, at their box, and as far as possible not on each other.</summary>
internal sealed class LabelPlacement(int width, int height)
{
    private readonly List<Rectangle> _taken = [];

    /// <summary>Takes the best place for a field of a size that fits the picture.</summary>
    /// <param name="box">The box it belongs to.</param>
    /// <param name="fieldWidth">The field's width.</param>
    /// <param name="fieldHeight">The field's height.</param>
    public Rectangle Place(Rectangle box, int fieldWidth, int fieldHeight)
    {
        Rectangle best = default;
        long bestCost = long.MaxValue;
        foreach (Rectangle wanted in Places(box, fieldWidth, fieldHeight))
        {
            Rectangle place = Inside(wanted);

            // A place that has to be moved up or down would cover the box's line or the thing itself.
            long cost = _taken.Sum(place.Overlap) + (place.Top == wanted.Top ? 0 : 1);
            if (cost >= bestCost) continue;
            (best, bestCost) = (place, cost);
            if (cost == 0) break;
        }

        _taken.Add(best);
        return best;
    }

    /// <summary>Places from the best to the worst: above the box, in its upper corner, below it, then down along its sides.</summary>
    private IEnumerable<Rectangle> Places(Rectangle box, int fieldWidth, int fieldHeight)
    {
        int left = box.Left, right = box.Right - fieldWidth;
        Rectangle field = new(left, box.Top, left + fieldWidth, box.Top + fieldHeight);
        Rectangle opposite = field.Moved(right - left, 0);
        yield return field.Moved(0, -fieldHeight);
        yield return field;
        yield return field.Moved(0, box.Height);
        yield return opposite.Moved(0, -fieldHeight);
        yield return opposite;
        yield return opposite.Moved(0, box.Height);
        yield return field.Moved(0, box.Height - fieldHeight);
        yield return opposite.Moved(0, box.Height - fieldHeight);
        for (int away = fieldHeight; away < height; away += Math.Max(1, fieldHeight / 2))
        {
            yield return field.Moved(0, away);
            yield return opposite.Moved(0, away);
            yield return field.Moved(0, -away);
            yield return opposite.Moved(0, -away);
        }
    }

    private Rectangle Inside(Rectangle field)
    {
        int right = Math.Max(0, -field.Left) - Math.Max(0, field.Right - width), down = Math.Max(0, -field.Top) - Math.Max(0, field.Bottom - height);
        return field.Moved(right, down);
    }
}
