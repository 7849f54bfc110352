using System.Text.RegularExpressions;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Adapters;

/// <summary>
/// Numbers for the modules that patterns name, as PEFT's <c>rank_pattern</c> and <c>alpha_pattern</c>: each key is the end of a module's path, or a regular
/// expression for it, and the first one that fits counts (<c>get_pattern_key</c> in peft/utils/other.py).
/// </summary>
internal sealed class ModulePatterns
{
    // Each is held against each module, so both are limited; real adapters have a handful.
    private const int MostPatterns = 1024;
    private const int LongestPattern = 512;
    private readonly List<(Regex Pattern, double Value)> _patterns = [];

    /// <summary>Compiles the patterns.</summary>
    /// <exception cref="ModelFormatException">One is no regular expression, or of a kind that takes unbounded time.</exception>
    public ModulePatterns(IReadOnlyList<(string Key, double Value)> entries, string path, string setting)
    {
        if (entries.Count > MostPatterns) throw new ModelFormatException(path, $"{setting} has {entries.Count} entries, more than the {MostPatterns} that are allowed");
        foreach ((string key, double value) in entries)
        {
            if (key.Length > LongestPattern) throw new ModelFormatException(path, $"{setting} has a key of {key.Length} characters, more than the {LongestPattern} that are allowed");
            try
            {
                _patterns.Add((new Regex($@"^(.*\.)?({key})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), value));
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                throw new ModelFormatException(path, $"{setting} has the key '{OneLine.Show(key)}', which is not a regular expression that is supported", e);
            }
        }
    }

    /// <summary>The number of the first pattern that a module fits; null if it fits none.</summary>
    public double? Find(string module)
    {
        foreach ((Regex pattern, double value) in _patterns)
        {
            if (pattern.IsMatch(module)) return value;
        }

        return null;
    }
}
