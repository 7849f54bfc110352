namespace PaliGguf;

/// <summary>The two files of a model, found by the ecosystem's naming habit: <c>NAME-TYPE.gguf</c> and <c>mmproj-NAME-TYPE.gguf</c>.</summary>
/// <param name="Text">The decoder.</param>
/// <param name="Vision">The vision tower and projector.</param>
public sealed record ModelFiles(string Text, string Vision)
{
    private const string VisionPrefix = "mmproj-";
    private const string UsualType = "-Q8_0";

    /// <summary>Finds both files.</summary>
    /// <param name="model">The text GGUF, or a folder that holds one pair.</param>
    /// <param name="vision">The vision GGUF; null to find it beside the text GGUF.</param>
    /// <exception cref="FileNotFoundException">A file does not exist, or none fits the rule.</exception>
    /// <exception cref="ModelFormatException">Several files fit the rule.</exception>
    public static ModelFiles Find(string model, string? vision = null)
    {
        string text = Directory.Exists(model) ? OnlyTextFile(model) : model;
        if (!File.Exists(text)) throw new FileNotFoundException($"{text}: no such model file.", text);
        if (IsVision(text))
        {
            throw new ModelFormatException(
                text, "this is a vision model: name the text model (NAME-TYPE.gguf) with --model, and this one, if need be, with --vision.");
        }

        vision ??= VisionBeside(text);
        if (!File.Exists(vision)) throw new FileNotFoundException($"{vision}: no such vision model file.", vision);
        return new ModelFiles(text, vision);
    }

    private static string OnlyTextFile(string folder)
    {
        string[] files = GgufFiles(folder).Where(file => !IsVision(file)).ToArray();
        if (files.Length > 1) files = files.Where(file => !IsAdapter(file)).ToArray();
        return files.Length switch
        {
            1 => files[0],
            0 => throw new FileNotFoundException($"{folder}: no text model (NAME-TYPE.gguf) in this folder.", folder),
            _ => throw new ModelFormatException(folder, $"several text models are in this folder, name one of them: {Names(files)}."),
        };
    }

    private static string VisionBeside(string text)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(text))!;
        string exact = Path.Combine(folder, VisionPrefix + Path.GetFileName(text));
        if (File.Exists(exact)) return exact;
        string[] candidates = VisionsFor(Path.GetFileName(text), [.. GgufFiles(folder).Where(IsVision)]);
        return candidates.Length switch
        {
            1 => candidates[0],
            0 => throw new FileNotFoundException(
                $"{text}: its vision model {Path.GetFileName(exact)} is not beside it; convert the checkpoint with 'paligguf convert', or name the file with --vision.", exact),
            _ => throw new ModelFormatException(text, $"several vision models lie beside it, name one with --vision: {Names(candidates)}."),
        };
    }

    /// <summary>Which of several vision files may be meant with a text file: one where the naming habit tells.</summary>
    /// <param name="text">The name of the text file.</param>
    /// <param name="visions">The names, or paths, of the vision files.</param>
    internal static string[] VisionsFor(string text, IReadOnlyList<string> visions)
    {
        if (visions.FirstOrDefault(file => Path.GetFileName(file) == VisionPrefix + text) is { } exact) return [exact];

        // Another quantization of the same model serves as well; so does the only vision model of the folder.
        string name = ModelName(Path.GetFileNameWithoutExtension(text));
        string[] sameModel = visions.Where(file => VisionModelName(file).Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray();
        // With 8 bits the tower is what a converted model of fewer bits comes with.
        string[] usual = sameModel.Where(
            file => Path.GetFileNameWithoutExtension(file).EndsWith(UsualType, StringComparison.OrdinalIgnoreCase)).ToArray();
        return usual.Length > 0 ? usual : sameModel.Length > 0 ? sameModel : [.. visions];
    }

    private static IEnumerable<string> GgufFiles(string folder) =>
        Directory.EnumerateFiles(folder, "*.gguf").Where(RegularFile.IsOne).Order(StringComparer.Ordinal);

    // Adapters lie beside their models. What a file is for stands among its first keys.
    internal static bool IsAdapter(string file)
    {
        try
        {
            using FileStream stream = RegularFile.Open(file);
            Span<byte> beginning = stackalloc byte[512];
            beginning = beginning[..stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)];
            int type = beginning.IndexOf("general.type"u8);
            return type >= 0 && beginning[type..].StartsWith("general.type\b\0\0\0\a\0\0\0\0\0\0\0adapter"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Some publishers write NAME-mmproj-TYPE.gguf.
    internal static bool IsVision(string file) => Path.GetFileName(file).Contains("mmproj", StringComparison.OrdinalIgnoreCase);

    /// <summary>The name of the model that a vision file is for; empty for one that is not named by the rule.</summary>
    private static string VisionModelName(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        return name.StartsWith(VisionPrefix, StringComparison.OrdinalIgnoreCase) ? ModelName(name[VisionPrefix.Length..]) : "";
    }

    /// <summary>A name without the type after its last hyphen.</summary>
    internal static string ModelName(string name)
    {
        int hyphen = name.LastIndexOf('-');
        return hyphen > 0 ? name[..hyphen] : name;
    }

    private static string Names(IEnumerable<string> files) => string.Join(", ", files.Select(Path.GetFileName));
}
