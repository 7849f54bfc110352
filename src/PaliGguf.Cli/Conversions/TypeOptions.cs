using System.CommandLine;
using PaliGguf.Conversion;

namespace PaliGguf.Cli.Conversions;

/// <summary>Types on the command line: "q4_k_m", in any case.</summary>
internal static class TypeOptions
{
    public static Option<ModelFileType?> File(string name, string description)
    {
        Option<ModelFileType?> option = new(name) { Description = description, HelpName = "TYPE", CustomParser = result => Parse<ModelFileType>(result.Tokens[0].Value, result.AddError) };
        return option;
    }

    public static Argument<ModelFileType> FileArgument(string description) => new("TYPE")
    {
        HelpName = "TYPE",
        Description = description,
        CustomParser = result => Parse<ModelFileType>(result.Tokens[0].Value, result.AddError) ?? default,
    };

    /// <summary>The type of the token embedding.</summary>
    public static Option<GgmlType?> Embedding() => new("--embedding-type")
    {
        Description = "How the token embedding, which is the output matrix too, is stored. Default: what belongs to the type (q8_0 with 4-bit types).",
        HelpName = "TYPE",
        CustomParser = result => Parse<GgmlType>(result.Tokens[0].Value, result.AddError),
    };

    /// <summary>Whose code a vision file is for.</summary>
    public static Option<VisionForm?> Form() => new("--vision-form")
    {
        Description = "Whose code the vision file is for: 'paligemma' for this program, or 'mlp' for llama.cpp's libmtmd, as in "
            + "LLamaSharp. Default: paligemma, or what the source is for.",
        HelpName = "FORM",
        CustomParser = result => Parse<VisionForm>(result.Tokens[0].Value, result.AddError, "form"),
    };

    /// <summary>The type of what makes masks.</summary>
    public static Option<MaskType?> Masks() => new("--mask-type")
    {
        Description = "How what makes masks is stored: f32 (the default), f16 or q8_0, a half or a quarter of its 5 to 8 MB.",
        HelpName = "TYPE",
        CustomParser = result => Parse<MaskType>(result.Tokens[0].Value, result.AddError),
    };

    public static PathOption Importance() =>
        new("--imatrix") { Description = "An importance matrix ('paligguf imatrix'), which lowers the loss at 4 bits and below.", HelpName = "FILE" };

    private static T? Parse<T>(string text, Action<string> addError, string kind = "type")
        where T : struct, Enum
    {
        // Numbers would be taken for types too.
        if (text.Length > 0 && !char.IsAsciiDigit(text[0]) && text[0] is not ('-' or '+') && !text.Contains(',', StringComparison.Ordinal) && Enum.TryParse(text, ignoreCase: true, out T type)) return type;
        addError($"'{text}' is no {kind}; expected one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}.");
        return null;
    }
}
