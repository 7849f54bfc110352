namespace PaliGguf.Conversion.Synthesis;

/// <summary>Numbers of the standard normal distribution, always the same ones, which begin again at the end.</summary>
internal sealed class RandomPool
{
    // A prime, so that rows of any length begin at ever new places.
    private const int Length = 4_194_301;
    private readonly float[] _numbers = new float[Length];

    public RandomPool(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < Length; i += 2)
        {
            // Box and Muller's transform, "A Note on the Generation of Random Normal Deviates" (1958): two of them from two even numbers.
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            _numbers[i] = (float)(radius * cosine);
            if (i + 1 < Length) _numbers[i + 1] = (float)(radius * sine);
        }
    }

    public void Read(long first, Span<float> destination)
    {
        int at = (int)(first % Length);
        while (!destination.IsEmpty)
        {
            int count = Math.Min(destination.Length, Length - at);
            _numbers.AsSpan(at, count).CopyTo(destination);
            destination = destination[count..];
            at = 0;
        }
    }
}
