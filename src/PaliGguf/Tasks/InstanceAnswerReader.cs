using PaliGguf.Tasks.Masks;

namespace PaliGguf.Tasks;

/// <summary>
/// Reads an answer part by part. Parts end at a semicolon, and before a location that follows a label, so that a forgotten separator
/// spoils nothing.
/// </summary>
internal sealed class InstanceAnswerReader(string text, bool masks, IReadOnlyCollection<string>? labels, bool truncated)
{
    private const int Locations = 4;

    public List<AnsweredInstance> Instances { get; } = [];

    public List<RejectedPart> Rejected { get; } = [];

    public void Read()
    {
        int start = 0;
        while (true)
        {
            int end = EndOfPiece(start);
            ReadParts(start, end);
            if (end == text.Length) return;
            bool nothingBefore = start == 0 && IsBlank(start, end);
            bool nothingAfter = IsBlank(end + 1, EndOfPiece(end + 1));
            if (nothingBefore || nothingAfter) RejectSeparator(end);
            start = end + 1;
        }
    }

    private int EndOfPiece(int start)
    {
        int separator = text.IndexOf(';', start);
        return separator < 0 ? text.Length : separator;
    }

    private bool IsBlank(int start, int end) => text.AsSpan(start, end - start).IsWhiteSpace();

    private void RejectSeparator(int position) => Rejected.Add(
        truncated && IsBlank(position + 1, text.Length)
            ? new RejectedPart(";", RejectionReason.Truncated, "the answer ended after a separator")
            : new RejectedPart(";", RejectionReason.DanglingSeparator, "a separator without an instance"));

    private void ReadParts(int start, int end)
    {
        while (!IsBlank(start, end))
        {
            int partEnd = EndOfPart(start, end);
            ReadPart(start, partEnd);
            start = partEnd;
        }
    }

    /// <summary>The next location after some text that is no location, or the end.</summary>
    private int EndOfPart(int start, int end)
    {
        SpecialTokens.SkipWhiteSpace(text, ref start, end);
        while (SpecialTokens.TryReadLocation(text, ref start, end, out _) || SpecialTokens.TryReadCodeword(text, ref start, end, out _))
        {
        }

        SpecialTokens.SkipWhiteSpace(text, ref start, end);
        for (int position = start + 1; position < end; position++)
        {
            int next = position;
            if (SpecialTokens.TryReadLocation(text, ref next, end, out _)) return position;
        }

        return end;
    }

    private void ReadPart(int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start])) start++;
        while (end > start && char.IsWhiteSpace(text[end - 1])) end--;
        int position = start;
        List<int> locations = [];
        while (SpecialTokens.TryReadLocation(text, ref position, end, out int location)) locations.Add(location);
        List<int> codewords = [];
        while (SpecialTokens.TryReadCodeword(text, ref position, end, out int codeword)) codewords.Add(codeword);
        string label = text[position..end].Trim();

        if (Fault(locations, codewords, label) is not { } fault)
        {
            Instances.Add(new AnsweredInstance(AskedFor(label) ?? label, [.. locations], [.. codewords], start, end - start));
        }
        else if (truncated && text.AsSpan(end).IsWhiteSpace())
        {
            Rejected.Add(new RejectedPart(text[start..end], RejectionReason.Truncated, "the answer ended here: " + fault.Explanation));
        }
        else
        {
            Rejected.Add(new RejectedPart(text[start..end], fault.Reason, fault.Explanation));
        }
    }

    private (RejectionReason Reason, string Explanation)? Fault(List<int> locations, List<int> codewords, string label)
    {
        int expected = masks ? MaskDecoder.Codewords : 0;
        if (locations.Count == 0 && codewords.Count == 0) return (RejectionReason.StrayText, "text without a location");
        if (locations.Count != Locations) return (RejectionReason.WrongLocationCount, $"{locations.Count} locations, expected {Locations}");
        if (codewords.Count != expected) return (RejectionReason.WrongCodewordCount, $"{codewords.Count} codewords, expected {expected}");
        if (locations[0] > locations[2] || locations[1] > locations[3]) return (RejectionReason.InvertedBox, "the box ends before it begins");
        if (locations[0] == locations[2] || locations[1] == locations[3]) return (RejectionReason.EmptyBox, "the box has no area");
        if (label.Length == 0) return (RejectionReason.MissingLabel, "there is no label");
        if (labels is not null && AskedFor(label) is null) return (RejectionReason.LabelNotAsked, "the label was not asked for");
        return null;
    }

    private string? AskedFor(string label) =>
        labels?.FirstOrDefault(asked => asked.AsSpan().Trim().Equals(label, StringComparison.OrdinalIgnoreCase))?.Trim();
}
