using System.Diagnostics;
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

    // For all patterns and modules together: real ones take some microseconds.
    private static readonly TimeSpan LongestTime = TimeSpan.FromMilliseconds(400);
    private readonly List<(Regex Pattern, string Key, double Value)> _patterns = [];
    private readonly string _path;
    private readonly string _setting;
    private TimeSpan _taken;

    /// <summary>Compiles the patterns.</summary>
    /// <exception cref="ModelFormatException">One is no regular expression of Python.</exception>
    public ModulePatterns(IReadOnlyList<(string Key, double Value)> entries, string path, string setting)
    {
        (_path, _setting) = (path, setting);
        if (entries.Count > MostPatterns) throw new ModelFormatException(path, $"{setting} has {entries.Count} entries, more than the {MostPatterns} that are allowed");
        foreach ((string key, double value) in entries)
        {
            if (key.Length > LongestPattern) throw new ModelFormatException(path, $"{setting} has a key of {key.Length} characters, more than the {LongestPattern} that are allowed");
            _patterns.Add((Compile(key), key, value));
        }
    }

    /// <summary>The number of the first pattern that a module fits; null if it fits none.</summary>
    /// <exception cref="ModelFormatException">A pattern takes too long.</exception>
    public double? Find(string module)
    {
        foreach ((Regex pattern, string key, double value) in _patterns)
        {
            if (IsMatch(pattern, key, module)) return value;
        }

        return null;
    }

    private bool IsMatch(Regex pattern, string key, string module)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            bool matches = pattern.IsMatch(module);
            _taken += Stopwatch.GetElapsedTime(start);
            if (_taken < LongestTime) return matches;
        }
        catch (RegexMatchTimeoutException)
        {
        }

        throw new ModelFormatException(_path, $"{_setting} has the key '{OneLine.Show(key)}', which takes too long to match");
    }

    private Regex Compile(string key)
    {
        try
        {
            string pattern = $@"\A(?:{PythonPattern.Translate($@"(.*\.)?({key})$")})";
            try
            {
                return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, LongestTime);
            }
            catch (NotSupportedException)
            {
                // Lookaround, references and the like take backtracking.
                return new Regex(pattern, RegexOptions.CultureInvariant, LongestTime);
            }
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            string problem = e is FormatException ? $": {e.Message}" : "";
            throw new ModelFormatException(_path,
                $"{_setting} has the key '{OneLine.Show(key)}', which is not a regular expression of Python{problem}", e);
        }
    }
}
