namespace PaliGguf.Scenes.Things;

/// <summary>A kind of thing that pali-nano knows.</summary>
/// <param name="Name">In English.</param>
/// <param name="Plural">Several of it.</param>
/// <param name="Thai">In Thai.</param>
/// <param name="Classifier">The word that Thai counts it with.</param>
/// <param name="Looks">The pictures that show it, by their colours where it has some.</param>
internal sealed record ThingKind(string Name, string Plural, string Thai, string Classifier, IReadOnlyList<ThingLook> Looks)
{
    /// <summary>With its article.</summary>
    public string WithArticle => WithArticleOf(Name);

    public static string WithArticleOf(string words) => ("aeiou".Contains(words[0], StringComparison.Ordinal) ? "an " : "a ") + words;
}

/// <summary>One of the emoji that show a kind.</summary>
/// <param name="CodePoint">Its character.</param>
/// <param name="Icon">Its name in most sets of icons.</param>
/// <param name="Colour">Its colour, where the kind has several.</param>
internal sealed record ThingLook(int CodePoint, string Icon, string? Colour = null);
