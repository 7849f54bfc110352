namespace PaliGguf.Hosting.Requests;

/// <summary>A field of a request is missing, unknown, or not what it should be. The message goes to whoever sent it.</summary>
/// <param name="place">Where the field is: "messages[0].content[1].image_url.url"; empty for the request itself.</param>
/// <param name="message">What is wrong with it, the place named.</param>
internal sealed class FieldException(string place, string message) : ArgumentException(message)
{
    public string Place { get; } = place;

    /// <summary>A field is of another form than is expected.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="expected">What it should be: "a list of texts".</param>
    /// <param name="found">What it is; null to leave that out.</param>
    public static FieldException Expected(string place, string expected, string? found = null) =>
        new(place, $"{(place.Length == 0 ? "The request" : place)}: expected {expected}{(found is null ? "" : $", found {found}")}.");

    /// <summary>A field is not there that has to be.</summary>
    public static FieldException Missing(string place, string expected) => new(place, $"{place} is missing: expected {expected}.");
}
