namespace PaliGguf.Evaluation.Metrics.Meteor;

/// <summary>How the words of one part of speech are inflected, by WordNet's morphy.</summary>
/// <param name="Name">What its files are called: "noun".</param>
/// <param name="Endings">Endings, and those of the base form.</param>
internal sealed record WordNetMorphology(string Name, (string Ending, string Base)[] Endings)
{
    public static WordNetMorphology[] All { get; } =
    [
        new("noun",
        [
            ("s", ""), ("ses", "s"), ("ves", "f"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"), ("men", "man"), ("ies", "y"),
        ]),
        new("verb", [("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", "")]),
        new("adj", [("er", ""), ("est", ""), ("er", "e"), ("est", "e")]),
        new("adv", []),
    ];

    /// <summary>The forms that one ending less leaves.</summary>
    public HashSet<string> Bases(IEnumerable<string> forms) =>
    [
        .. from form in forms
           from ending in Endings
           where form.EndsWith(ending.Ending, StringComparison.Ordinal)
           select form[..^ending.Ending.Length] + ending.Base,
    ];
}
