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
        string[] labels = [.. texts.SelectMany(Split)];
        if (labels.Length == 0) throw FieldException.Missing(place, "a list of what to look for");
        // As programs write lists that are not JSON: "['cat']".
        return Array.Find(labels, label => label[0] is '[' or '{') is null
            ? labels : throw FieldException.Expected(place, "a list of texts, as [\"cat\", \"red car\"]");
    }

    /// <summary>The labels of one text.</summary>
    public static string[] Split(string text) => text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
