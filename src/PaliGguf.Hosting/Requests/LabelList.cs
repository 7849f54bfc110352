namespace PaliGguf.Hosting.Requests;

/// <summary>What to look for, as requests name it: a list, whose texts may name several things each: "cat ; dog".</summary>
internal static class LabelList
{
    /// <summary>The labels, one each.</summary>
    /// <param name="place">What the list is called.</param>
    /// <param name="texts">The texts.</param>
    /// <exception cref="FieldException">There are none, or one is a list that was not understood.</exception>
    public static string[] Of(string place, IEnumerable<string> texts)
    {
        string[] labels = Split(place, texts);
        return labels.Length > 0 ? labels : throw FieldException.Missing(place, "a list of what to look for");
    }

    /// <summary>The labels of one text, which may also be the text of a JSON list; perhaps none.</summary>
    /// <param name="place">What the text is called.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="FieldException">It is a list that was not understood.</exception>
    public static string[] Of(string place, string text) => Split(place, FieldReader.TextsOf(text, place));

    private static string[] Split(string place, IEnumerable<string> texts)
    {
        const StringSplitOptions Tidy = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        string[] labels = [.. texts.SelectMany(text => text.Split(';', Tidy))];

        // As programs write lists that are not JSON: "['cat']".
        return Array.Find(labels, label => label[0] is '[' or '{') is null
            ? labels : throw FieldException.Expected(place, "a list of texts, as [\"cat\", \"red car\"]");
    }
}
