using System.Text.RegularExpressions;

namespace PaliGguf.Tests.Tasks;

/// <summary>Tells well-formed answers to detect and segment by a regular expression.</summary>
internal static class AnswerForm
{
    public static bool IsWellFormed(string answer, IEnumerable<string> labels, bool segment)
    {
        string label = string.Join('|', labels.Select(Regex.Escape));
        string instance = @"(<loc(?<bin>\d{4})>){4}" + (segment ? @"(<seg(0\d\d|1[01]\d|12[0-7])>){16}" : "") + $" (?:{label})";
        Match match = Regex.Match(answer, $@"\A(?:{instance}(?: ; {instance})*)?\z", RegexOptions.None, TimeSpan.FromSeconds(5));
        int[] bins = match.Groups["bin"].Captures.Select(capture => int.Parse(capture.Value)).ToArray();
        return match.Success && bins.All(bin => bin < 1024) && bins.Chunk(4).All(box => box[0] < box[2] && box[1] < box[3]);
    }
}
