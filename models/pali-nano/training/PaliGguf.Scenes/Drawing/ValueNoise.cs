namespace PaliGguf.Scenes.Drawing;

/// <summary>Smooth noise: random values at whole places, and what lies between them.</summary>
/// <param name="seed">Of the values.</param>
internal readonly struct ValueNoise(ulong seed)
{
    private readonly uint _seed = (uint)(seed ^ (seed >> 32));

    /// <summary>The value at a place, -1 to 1.</summary>
    public float At(float x, float y)
    {
        float left = MathF.Floor(x), top = MathF.Floor(y);
        float across = x - left, down = y - top;
        across = across * across * (3 - (2 * across));
        down = down * down * (3 - (2 * down));
        int column = (int)left, row = (int)top;
        float upper = Mix(Value(column, row), Value(column + 1, row), across);
        float lower = Mix(Value(column, row + 1), Value(column + 1, row + 1), across);
        return Mix(upper, lower, down);
    }

    /// <summary>Several noises on each other, each twice as fine and half as strong as the one before.</summary>
    public float Octaves(float x, float y, int count)
    {
        float sum = 0, strength = 0.6f;
        for (int octave = 0; octave < count; octave++)
        {
            sum += strength * At(x, y);
            (x, y, strength) = ((2 * x) + 17.3f, (2 * y) + 5.9f, strength / 2);
        }

        return sum;
    }

    private static float Mix(float one, float other, float part) => one + ((other - one) * part);

    private float Value(int column, int row)
    {
        unchecked
        {
            uint bits = _seed + ((uint)column * 0x9E3779B1u) + ((uint)row * 0x85EBCA77u);
            bits = (bits ^ (bits >> 15)) * 0x2C1B3C6Du;
            bits = (bits ^ (bits >> 12)) * 0x297A2D39u;
            return ((bits ^ (bits >> 15)) >> 8) * (2f / (1 << 24)) - 1;
        }
    }
}
