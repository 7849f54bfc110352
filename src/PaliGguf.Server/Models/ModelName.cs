using Microsoft.AspNetCore.Http;
using PaliGguf.Hosting;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Models;

/// <summary>Names of models as requests write them.</summary>
internal static class ModelName
{
    // Ollama's clients add it to names without a tag.
    private const string Latest = ":latest";
    private const int Longest = 128, MostNamed = 20;

    /// <summary>Whether a request's name is that of a model; letters may be of either case.</summary>
    public static bool Means(string given, string known) => Plain(given).Equals(known, StringComparison.OrdinalIgnoreCase);

    /// <summary>The refusal of a name that is none.</summary>
    /// <param name="given">What the request says.</param>
    /// <param name="known">The models that there are.</param>
    public static RejectionException Unknown(string given, IReadOnlyList<string> known)
    {
        string name = given.Length <= Longest ? given : given[..Longest];
        string all = string.Join(", ", known.Take(MostNamed).Select(one => $"'{one}'")) + (known.Count > MostNamed ? ", ..." : "");
        return new RejectionException(StatusCodes.Status404NotFound, "model_not_found",
            $"There is no model '{name}'{Suggestion.For(name, known)}: this server runs {(known.Count > 0 ? all : "none")}.") { Parameter = "model" };
    }

    private static string Plain(string given) => given.EndsWith(Latest, StringComparison.OrdinalIgnoreCase) ? given[..^Latest.Length] : given;
}
