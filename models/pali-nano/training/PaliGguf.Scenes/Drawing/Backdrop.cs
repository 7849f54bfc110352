using PaliGguf.Scenes.Plans;

namespace PaliGguf.Scenes.Drawing;

/// <summary>Paints what is behind all.</summary>
internal static class Backdrop
{
    /// <summary>Fills a picture.</summary>
    /// <param name="plan">What with.</param>
    /// <param name="pixels">Four bytes each: red, green, blue, alpha.</param>
    /// <param name="side">The picture's side.</param>
    public static void Paint(BackdropPlan plan, Span<byte> pixels, int side)
    {
        Func<float, float, float> texture = TextureOf(plan);
        (double sine, double cosine) = Math.SinCos(plan.Direction * Math.PI / 180);
        for (int y = 0, at = 0; y < side; y++)
        {
            float down = (y + 0.5f) / side;
            for (int x = 0; x < side; x++, at += 4)
            {
                float across = (x + 0.5f) / side;
                float part = (Math.Clamp(texture(across, down), -1, 1) + 1) / 2;
                double light = 1 + (plan.Slope * (((across - 0.5) * cosine) + ((down - 0.5) * sine)));
                pixels[at] = Byte((plan.Dark.Red + ((plan.Light.Red - plan.Dark.Red) * part)) * light);
                pixels[at + 1] = Byte((plan.Dark.Green + ((plan.Light.Green - plan.Dark.Green) * part)) * light);
                pixels[at + 2] = Byte((plan.Dark.Blue + ((plan.Light.Blue - plan.Dark.Blue) * part)) * light);
                pixels[at + 3] = 255;
            }
        }
    }

    private static byte Byte(double value) => (byte)Math.Clamp((int)(value + 0.5), 0, 255);

    /// <summary>-1 for the darker shade to 1 for the lighter, at each place.</summary>
    private static Func<float, float, float> TextureOf(BackdropPlan plan)
    {
        SceneRandom random = new(plan.Seed);
        ValueNoise noise = new(random.Next());
        float scale = (float)random.Between(2, 6), turned = (float)random.Between(0, 2 * Math.PI);
        (float sine, float cosine) = MathF.SinCos(turned);
        float hard = random.Chance(0.5) ? 8 : 1;
        switch (plan.Texture)
        {
            case Texture.Clouds:
                return (x, y) => 1.4f * noise.Octaves(x * scale, y * scale, 4);
            case Texture.Grain:
                return (x, y) => noise.Octaves(x * scale * 10, y * scale * (hard > 1 ? 10 : 2), 2);
            case Texture.Marble:
                return (x, y) => MathF.Sin((6 * scale * ((x * cosine) + (y * sine))) + (5 * noise.Octaves(x * scale, y * scale, 3)));
            case Texture.Stripes:
                return (x, y) => hard * MathF.Sin(8 * scale * ((x * cosine) + (y * sine)));
            case Texture.Checks:
                return (x, y) => 2 * hard * MathF.Sin(6 * scale * ((x * cosine) + (y * sine)))
                    * MathF.Sin(6 * scale * ((y * cosine) - (x * sine)));
            case Texture.Dots:
                return (x, y) => Dot(((x * cosine) + (y * sine)) * scale * 2, ((y * cosine) - (x * sine)) * scale * 2);
            case Texture.Bricks:
                return (x, y) => Brick(x * scale, y * scale * 2, noise);
            case Texture.Lights:
                return Lights(random);
            case Texture.Halo:
                (float middleX, float middleY) = ((float)random.Between(0.2, 0.8), (float)random.Between(0.2, 0.8));
                return (x, y) => 1 - (2.2f * MathF.Sqrt(((x - middleX) * (x - middleX)) + ((y - middleY) * (y - middleY))));
            default:
                return static (_, _) => 0;
        }
    }

    private static float Dot(float x, float y)
    {
        (float across, float down) = (x - MathF.Floor(x) - 0.5f, y - MathF.Floor(y) - 0.5f);
        return 8 * (0.3f - MathF.Sqrt((across * across) + (down * down)));
    }

    private static float Brick(float x, float y, ValueNoise noise)
    {
        float row = MathF.Floor(y);
        x += (int)row % 2 == 0 ? 0 : 0.5f;
        float column = MathF.Floor(x), across = x - column, down = y - row;
        return across < 0.06f || down < 0.12f ? -1 : 0.3f + (0.7f * noise.At((column * 7.7f) + 0.5f, (row * 3.3f) + 0.5f));
    }

    // Lamps out of focus.
    private static Func<float, float, float> Lights(SceneRandom random)
    {
        (float X, float Y, float Radius, float Strength)[] lights = new (float, float, float, float)[6 + random.Below(8)];
        for (int i = 0; i < lights.Length; i++)
        {
            lights[i] = ((float)random.Unit(), (float)random.Unit(), (float)random.Between(0.05, 0.18), (float)random.Between(0.3, 1.2));
        }

        return (x, y) =>
        {
            float sum = -0.8f;
            foreach ((float middleX, float middleY, float radius, float strength) in lights)
            {
                float away = MathF.Sqrt(((x - middleX) * (x - middleX)) + ((y - middleY) * (y - middleY))) / radius;
                if (away < 1) sum += strength * Math.Min(1, 5 * (1 - away));
            }

            return sum;
        };
    }
}
