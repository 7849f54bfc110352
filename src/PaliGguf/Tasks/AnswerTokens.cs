using System.Text;

namespace PaliGguf.Tasks;

/// <summary>An answer's text, and which of its tokens each character came with.</summary>
internal sealed class AnswerTokens
{
    private readonly int[] _ends;

    /// <param name="pieces">The bytes of each token.</param>
    public AnswerTokens(IReadOnlyList<byte[]> pieces)
    {
        StringBuilder text = new();
        Decoder decoder = Encoding.UTF8.GetDecoder();
        _ends = new int[pieces.Count];
        for (int token = 0; token < pieces.Count; token++)
        {
            bool last = token == pieces.Count - 1;
            char[] characters = new char[decoder.GetCharCount(pieces[token], flush: last)];
            decoder.GetChars(pieces[token], characters, flush: last);
            text.Append(characters);
            _ends[token] = text.Length;
        }

        Text = text.ToString();
    }

    public string Text { get; }

    /// <summary>The tokens that some characters came with: the first, and one past the last.</summary>
    public (int Start, int End) Of(AnsweredInstance instance)
    {
        int start = FirstEndingAfter(instance.Start);
        return (start, Math.Min(FirstEndingAfter(instance.Start + instance.Length - 1) + 1, _ends.Length));
    }

    private int FirstEndingAfter(int character)
    {
        int low = 0;
        int high = _ends.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ends[middle] > character) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}
