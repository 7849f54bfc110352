using System.Buffers;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Output;

/// <summary>A model's name, which file names contain.</summary>
internal static class ModelName
{
    private const int Longest = 200;

    // Those of all systems, so that files can be moved from one to another.
    private static readonly SearchValues<char> NotInFileNames = SearchValues.Create("/\\:*?\"<>|");

    /// <exception cref="ConversionException">It can not be part of a file's name.</exception>
    public static string Check(string name)
    {
        bool usable = name.Length is > 0 and <= Longest && !name.AsSpan().ContainsAny(NotInFileNames) && !name.Any(char.IsControl)
            && name.Trim() == name;
        if (usable) return name;
        throw new ConversionException(
            $"'{OneLine.Show(name)}' can not be a model's name, since it is part of file names: choose another one");
    }
}
