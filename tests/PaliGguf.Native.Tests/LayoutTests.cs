using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using PaliGguf.Native.Layouts;
using PaliGguf.Packages.Tests;
using PaliGguf.Tests;

namespace PaliGguf.Native.Tests;

/// <summary>The header, as a C compiler reads it, and what the library is made of.</summary>
[Collection(LibraryCollection.Name)]
public sealed partial class LayoutTests(PublishedLibrary library)
{
    private static readonly Dictionary<Type, string> Structs = new()
    {
        [typeof(LoadOptions)] = "pali_load_options",
        [typeof(ModelState)] = "pali_model_state",
        [typeof(MemoryFigure)] = "pali_memory",
        [typeof(Picture)] = "pali_picture",
        [typeof(Request)] = "pali_request",
        [typeof(TicketState)] = "pali_ticket_state",
        [typeof(Token)] = "pali_token",
        [typeof(FoundObject)] = "pali_object",
    };

    private static readonly Dictionary<Type, string> Constants = new()
    {
        [typeof(Status)] = "PALI_",
        [typeof(LoadFlags)] = "PALI_LOAD_",
        [typeof(ModelStage)] = "PALI_MODEL_",
        [typeof(PixelFormat)] = "PALI_",
        [typeof(RequestTask)] = "PALI_",
        [typeof(RequestFlags)] = "PALI_REQUEST_",
        [typeof(TicketStage)] = "PALI_TICKET_",
        [typeof(Finish)] = "PALI_FINISH_",
    };

    private static string Header { get; } = File.ReadAllText(Path.Combine(Repository.Root, "native", "include", "paligguf.h"));

    [Fact]
    public void EveryStructAndNumberOfTheLibraryIsCompared()
    {
        Type[] layouts = [.. typeof(ISized).Assembly.GetTypes().Where(type => type.Namespace == typeof(ISized).Namespace
            && !type.IsInterface && !type.IsNested)];
        Assert.Equal(layouts.Select(type => type.Name).Order(), Structs.Keys.Concat(Constants.Keys).Select(type => type.Name).Order());
        Assert.Equal(StructName().Matches(Header).Select(match => match.Groups["name"].Value).Order(), Structs.Values.Order());
    }

    [HostFact]
    public async Task SizesOffsetsAndNumbersAreThoseOfTheHeader()
    {
        StringBuilder source = new("#include \"host.h\"\nint main(void)\n{\n");
        List<string> expected = [];
        foreach ((Type type, string name) in Structs)
        {
            source.Append($"    printf(\"{name} %zu\\n\", sizeof({name}));\n");
            expected.Add($"{name} {Marshal.SizeOf(type)}");
            uint oldest = (uint)type.GetProperty(nameof(ISized.Oldest), BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;
            Assert.InRange(oldest, 8u, (uint)Marshal.SizeOf(type));
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public))
            {
                source.Append($"    printf(\"{name}.{field.Name} %zu %zu\\n\", offsetof({name}, {field.Name}), ");
                source.Append($"sizeof((({name} *)0)->{field.Name}));\n");
                expected.Add($"{name}.{field.Name} {Marshal.OffsetOf(type, field.Name)} {SizeOf(field.FieldType)}");
            }
        }

        foreach ((Type type, string prefix) in Constants)
        {
            foreach (object value in Enum.GetValues(type))
            {
                // There is no name for no flag.
                if (type.IsDefined(typeof(FlagsAttribute)) && Convert.ToInt64(value, null) == 0) continue;
                string name = prefix + WordStart().Replace(value.ToString()!, "_$0").ToUpperInvariant();
                source.Append($"    printf(\"{name} %d\\n\", (int){name});\n");
                expected.Add($"{name} {Convert.ToInt64(value, null)}");
            }
        }

        string program = await library.CompileAsync("layouts", source.Append("    return 0;\n}\n").ToString(), "-Wno-unused-function");
        string output = await DotnetCommand.SucceedAsync(Repository.Root, program);

        Assert.Equal(expected, output.TrimEnd().Split('\n'));
    }

    [HostFact("nm")]
    public async Task FunctionsOfTheHeaderAreExportedAndNoOthers()
    {
        string output = await DotnetCommand.SucceedAsync(Repository.Root, "nm", "-D", "--defined-only", PublishedLibrary.File);

        string[] exported = [.. output.Split('\n').Where(line => line.Contains(" T ",
            StringComparison.Ordinal)).Select(line => line.Split(' ')[2].Split('@')[0])];
        Assert.Equal(FunctionName().Matches(Header).Select(match => match.Groups["name"].Value).Order(), exported.Order());
    }

    [HostTheory]
    [InlineData("c", "c99")]
    [InlineData("c++", "c++11")]
    public async Task TheHeaderIsPlainCAndCPlusPlus(string language, string standard)
    {
        if (Tools.Missing("g++") is not null && language == "c++") return;
        await library.CompileAsync(
            "header", "#include \"paligguf.h\"\nint main(void) { return (int)pali_abi_version() - PALI_ABI_VERSION; }\n", "-pedantic",
                $"-std={standard}", "-x", language);
    }

    private static int SizeOf(Type type) =>
        type.IsPointer ? IntPtr.Size : Marshal.SizeOf(type.IsEnum ? Enum.GetUnderlyingType(type) : type);

    [GeneratedRegex(@"^typedef struct (?<name>pali_[a-z_]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex StructName();

    [GeneratedRegex(@"^PALI_API .*\b(?<name>pali_[a-z_]+)\(", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex FunctionName();

    [GeneratedRegex("(?<=[a-z])[A-Z]", RegexOptions.ExplicitCapture)]
    private static partial Regex WordStart();
}
