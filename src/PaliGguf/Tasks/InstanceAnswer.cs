using System.Collections.Immutable;

namespace PaliGguf.Tasks;

/// <summary>
/// An answer to <c>detect</c> or <c>segment</c>, taken apart: the instances in it, and whatever else it says. No text is an error, and none is lost: beside the
/// instances and the rejected parts there is only white space and separators.
/// </summary>
public sealed class InstanceAnswer
{
    /// <summary>What stands between two instances.</summary>
    public const string Separator = " ; ";

    private InstanceAnswer(string text, ImmutableArray<AnsweredInstance> instances, ImmutableArray<RejectedPart> rejected)
    {
        Text = text;
        Instances = instances;
        Rejected = rejected;
    }

    /// <summary>The answer.</summary>
    public string Text { get; }

    /// <summary>The instances, in the order of the answer.</summary>
    public ImmutableArray<AnsweredInstance> Instances { get; }

    /// <summary>The other parts, in the order of the answer.</summary>
    public ImmutableArray<RejectedPart> Rejected { get; }

    /// <summary>Takes an answer apart.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="masks">Whether each instance must have a mask, as <c>segment</c> asks for; otherwise none may have one.</param>
    /// <param name="labels">What was asked for; null to accept any label. Letter case and white space around them do not matter.</param>
    /// <param name="truncated">Whether the answer was cut off at its longest length, which then explains a last part that is not well-formed.</param>
    public static InstanceAnswer Parse(string text, bool masks, IReadOnlyCollection<string>? labels = null, bool truncated = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        InstanceAnswerReader reader = new(text, masks, labels, truncated);
        reader.Read();
        return new InstanceAnswer(text, [.. reader.Instances], [.. reader.Rejected]);
    }

    /// <summary>Writes instances as the model does.</summary>
    /// <param name="instances">The instances.</param>
    /// <returns>A text from which <see cref="Parse"/> makes the same instances.</returns>
    public static string Format(IEnumerable<AnsweredInstance> instances) => string.Join(Separator, instances.Select(Format));

    private static string Format(AnsweredInstance instance) =>
        string.Concat(instance.Locations.Select(location => $"<loc{location:D4}>"))
        + string.Concat(instance.Codewords.Select(codeword => $"<seg{codeword:D3}>"))
        + " " + instance.Label;
}
