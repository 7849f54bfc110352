using PaliGguf.Adapters;
using PaliGguf.Language;
using PaliGguf.Server.Http;
using PaliGguf.Tasks;

namespace PaliGguf.Server.Work;

/// <summary>How much a request may ask for. What is within these limits the model itself checks.</summary>
internal static class RequestLimits
{
    private const int LongestText = 32 << 10;
    private const int LongestEntry = 1024;
    private const int MostEntries = 64;

    /// <summary>A text that has to be there.</summary>
    public static string Text(string name, string? value) =>
        string.IsNullOrWhiteSpace(value) ? throw Rejection.Invalid(name, $"The field '{name}' is missing or empty.") : Within(name, value);

    /// <summary>A text that may be empty.</summary>
    public static string Within(string name, string value) =>
        value.Length <= LongestText ? value
            : throw Rejection.Invalid(name, $"The field '{name}' has {value.Length} characters; at most {LongestText} are read.");

    /// <summary>A prompt, which has to be there and may be empty.</summary>
    public static string Prompt(string? value) =>
        Within("prompt", value ?? throw Rejection.Invalid("prompt", "The field 'prompt' is missing: it may be empty."));

    /// <summary>The code of a language.</summary>
    public static string Language(string? value) =>
        PromptLanguage.Find(value ?? "en") ?? throw Rejection.Invalid("language", PromptLanguage.Problem(value!));

    /// <summary>A list of short texts.</summary>
    public static IReadOnlyList<string> List(string name, IReadOnlyList<string>? values)
    {
        if (values is null) return [];
        if (values.Count > MostEntries) throw Rejection.Invalid(name, $"The field '{name}' has {values.Count} entries; at most {MostEntries} are read.");
        return values.All(value => value.Length is > 0 and <= LongestEntry) ? values : throw Rejection.Invalid(name, $"An entry of '{name}' is empty or has more than {LongestEntry} characters.");
    }

    /// <summary>A list that has to have entries.</summary>
    public static IReadOnlyList<string> Entries(string name, IReadOnlyList<string>? values) =>
        List(name, values) is { Count: > 0 } entries ? entries : throw Rejection.Invalid(name, $"The field '{name}' is missing or empty.");

    /// <summary>How tokens are drawn, as the APIs of others say it: nothing is the most probable token, all tokens are 0 or fewer, and a seed
    /// may have 64 bits.</summary>
    public static SamplingOptions Sampling(
        float? temperature, float? topP, int? topK = null, float? minP = null, long? seed = null) => new()
        {
            Temperature = temperature ?? 0,
            TopP = topP ?? 1,
            TopK = Math.Max(topK ?? 0, 0),
            MinP = minP ?? 0,
            Seed = seed is { } bits ? unchecked((int)(bits ^ (bits >> 32))) : null,
        };

    /// <summary>The adapters that are asked for.</summary>
    /// <param name="values">What the request says.</param>
    /// <param name="loaded">Those that there are.</param>
    public static IReadOnlyList<AdapterScale>? Adapters(IReadOnlyList<string>? values, IReadOnlyList<AdapterInfo> loaded) =>
        values is null ? null : [.. List("adapters", values).Select(value => Adapter(value, loaded))];

    private static AdapterScale Adapter(string value, IReadOnlyList<AdapterInfo> loaded)
    {
        bool plain = value.LastIndexOf(':') <= 0 || loaded.Any(adapter => adapter.Name == value);
        ScaledPath wanted = plain ? new ScaledPath(value, 1) : ScaledPath.Parse(value);
        if (loaded.Any(adapter => adapter.Name == wanted.Path)) return new AdapterScale(wanted.Path, wanted.Scale);
        throw Rejection.Invalid("adapters", $"There is no such adapter; loaded: {(loaded.Count == 0 ? "none" : string.Join(", ", loaded.Select(adapter => adapter.Name)))}.");
    }
}
