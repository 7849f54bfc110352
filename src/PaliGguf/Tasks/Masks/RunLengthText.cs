using System.Text;

namespace PaliGguf.Tasks.Masks;

/// <summary>
/// COCO's text for runs. From the fourth number on, each is the difference to the one two before. A number is written five bits at a time, the
/// lowest first, as a character from '0' on; 32 more say that another follows; the highest bit of the last five is the sign.
/// </summary>
internal static class RunLengthText
{
    private const int Zero = '0';
    private const int MoreFollows = 0x20;
    private const int Sign = 0x10;
    private const int MostBits = 60;

    public static string Write(ReadOnlySpan<long> runs)
    {
        StringBuilder text = new();
        for (int i = 0; i < runs.Length; i++)
        {
            long rest = i > 2 ? runs[i] - runs[i - 2] : runs[i];
            bool more;
            do
            {
                int bits = (int)(rest & 0x1F);
                rest >>= 5;
                more = (bits & Sign) != 0 ? rest != -1 : rest != 0;
                text.Append((char)(Zero + bits + (more ? MoreFollows : 0)));
            }
            while (more);
        }

        return text.ToString();
    }

    /// <exception cref="FormatException">The text was not written so.</exception>
    public static List<long> Read(string text)
    {
        List<long> runs = [];
        int position = 0;
        while (position < text.Length)
        {
            long value = Next(text, ref position);
            runs.Add(runs.Count > 2 ? value + runs[^2] : value);
            // A run is at most as long as a picture; this also keeps sums from overflowing.
            if (runs[^1] is < 0 or > (1L << 62)) throw new FormatException($"The run before character {position} of the mask is {runs[^1]}.");
        }

        return runs;
    }

    private static long Next(string text, ref int position)
    {
        long value = 0;
        for (int shift = 0; ; shift += 5)
        {
            if (position == text.Length) throw new FormatException("The mask's last run is not complete.");
            int bits = text[position] - Zero;
            if (bits is < 0 or > 0x3F) throw new FormatException($"Character {position} of the mask is not from '0' to 'o'.");
            if (shift >= MostBits) throw new FormatException($"The run at character {position} of the mask is too long.");
            position++;
            value |= (long)(bits & 0x1F) << shift;
            if ((bits & MoreFollows) != 0) continue;
            return (bits & Sign) != 0 ? value | (-1L << (shift + 5)) : value;
        }
    }
}
