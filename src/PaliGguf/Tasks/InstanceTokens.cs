using System.Text;
using PaliGguf.Language;

namespace PaliGguf.Tasks;

/// <summary>The tokens of boxes and masks in a vocabulary.</summary>
internal static class InstanceTokens
{
    /// <summary>Coordinates are told in this many steps.</summary>
    public const int Bins = 1024;

    /// <summary>A mask is told in entries of a codebook of this size.</summary>
    public const int Codebook = 128;

    /// <summary>The ids of <c>&lt;loc0000&gt;</c> to <c>&lt;loc1023&gt;</c>, by bin.</summary>
    /// <exception cref="InferenceException">The vocabulary lacks one.</exception>
    public static int[] Locations(PieceIndex pieces) => Find(pieces, Bins, bin => $"<loc{bin:D4}>");

    /// <summary>The ids of <c>&lt;seg000&gt;</c> to <c>&lt;seg127&gt;</c>, by codeword.</summary>
    /// <exception cref="InferenceException">The vocabulary lacks one.</exception>
    public static int[] Codewords(PieceIndex pieces) => Find(pieces, Codebook, codeword => $"<seg{codeword:D3}>");

    private static int[] Find(PieceIndex pieces, int count, Func<int, string> name)
    {
        int[] tokens = new int[count];
        for (int value = 0; value < count; value++)
        {
            tokens[value] = pieces.Find(Encoding.UTF8.GetBytes(name(value)))
                ?? throw new InferenceException($"The model's vocabulary has no {name(value)}: it was not made for detection or segmentation.");
        }

        return tokens;
    }
}
