namespace PaliGguf.Tasks;

/// <summary>A part of an answer that is not an instance.</summary>
/// <param name="Text">The part, as the model wrote it.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Explanation">The same in a few words, with the numbers: "3 locations, expected 4".</param>
public sealed record RejectedPart(string Text, RejectionReason Reason, string Explanation);

/// <summary>Why a part of an answer is not an instance.</summary>
public enum RejectionReason
{
    /// <summary>It does not begin with a location.</summary>
    StrayText,

    /// <summary>It has not four locations.</summary>
    WrongLocationCount,

    /// <summary>It has not sixteen codewords of a mask; or some, when only boxes were asked for.</summary>
    WrongCodewordCount,

    /// <summary>The lower side of its box is above the upper one, or the right side left of the left one.</summary>
    InvertedBox,

    /// <summary>Its box has no area.</summary>
    EmptyBox,

    /// <summary>It does not say what the instance is.</summary>
    MissingLabel,

    /// <summary>It is something that was not asked for.</summary>
    LabelNotAsked,

    /// <summary>A separator with no instance after it, or none before.</summary>
    DanglingSeparator,

    /// <summary>The answer reached its longest length here.</summary>
    Truncated,
}
