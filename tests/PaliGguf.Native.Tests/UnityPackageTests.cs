using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using PaliGguf.Native.Layouts;
using PaliGguf.Tests;

namespace PaliGguf.Native.Tests;

/// <summary>native/unity as a package: what it declares, and what an editor expects beside its files.</summary>
public sealed partial class UnityPackageTests
{
    private static readonly Assembly Package = typeof(Unity.PaliModel).Assembly;

    private static string Folder { get; } = Path.Combine(Repository.Root, "native", "unity");

    [Fact]
    public void ItsStructsAreThoseOfTheLibrary()
    {
        Type[] structs = [.. Package.GetTypes().Where(type => type.Namespace == "PaliGguf.Unity.Layouts")];
        Assert.Equal(7, structs.Length);
        foreach (Type type in structs)
        {
            Type original = typeof(ISized).Assembly.GetType($"{typeof(ISized).Namespace}.{type.Name}", throwOnError: true)!;
            Assert.Equal(Layout(original), Layout(type));
        }
    }

    [Fact]
    public void ItsFunctionsAreThoseOfTheHeader()
    {
        string header = File.ReadAllText(Path.Combine(Repository.Root, "native", "include", "paligguf.h"));
        Dictionary<string, int> declared = Function().Matches(header).ToDictionary(
            match => match.Groups["name"].Value,
            match => match.Groups["parameters"].Value == "void" ? 0 : match.Groups["parameters"].Value.Split(',').Length);
        MethodInfo[] imports = [.. Package.GetType("PaliGguf.Unity.NativeMethods")!
            .GetMethods(BindingFlags.Static | BindingFlags.NonPublic).Where(method => method.IsDefined(typeof(DllImportAttribute)))];
        Assert.True(imports.Length > 10);
        foreach (MethodInfo import in imports) Assert.Equal(declared[import.Name], import.GetParameters().Length);
    }

    [Fact]
    public void ItsTasksAndStatesHaveTheNumbersOfTheLibrary()
    {
        AssertNumbers<Unity.PaliTask, RequestTask>();
        AssertNumbers<Unity.PaliPixels, PixelFormat>();
    }

    [Fact]
    public void EveryFileHasAMetaOfItsOwn()
    {
        // Folders that end with a tilde are not looked at by the editor.
        string[] files = [.. Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path))
            .Where(path => !path.Contains('~', StringComparison.Ordinal))];
        string[] metas = [.. files.Where(IsMeta)];
        Assert.Equal(files.Where(file => !IsMeta(file)).Select(file => file + ".meta").Order(), metas.Order());
        string[] guids = [.. metas.Select(meta => Guid().Match(File.ReadAllText(Path.Combine(Folder, meta))).Groups["guid"].Value)];
        Assert.All(guids, guid => Assert.Equal(32, guid.Length));
        Assert.Equal(guids.Length, guids.Distinct().Count());
    }

    [Fact]
    public void ItsManifestAndAssembliesAreWhatTheyName()
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "package.json")));
        foreach (JsonElement sample in manifest.RootElement.GetProperty("samples").EnumerateArray())
        {
            Assert.True(Directory.Exists(Path.Combine(Folder, sample.GetProperty("path").GetString()!)));
        }

        string[] assemblies = Directory.GetFiles(Folder, "*.asmdef", SearchOption.AllDirectories);
        Assert.Equal(2, assemblies.Length);
        foreach (string path in assemblies)
        {
            using JsonDocument assembly = JsonDocument.Parse(File.ReadAllText(path));
            Assert.Equal(Path.GetFileNameWithoutExtension(path), assembly.RootElement.GetProperty("name").GetString());
        }
    }

    private static bool IsMeta(string path) => path.EndsWith(".meta", StringComparison.Ordinal);

    private static IEnumerable<(string Name, int Offset)> Layout(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public)
            .Select(field => (field.Name, (int)Marshal.OffsetOf(type, field.Name)))
            .Append(("", Marshal.SizeOf(type)));

    private static void AssertNumbers<TPackage, TLibrary>()
        where TPackage : struct, Enum
        where TLibrary : struct, Enum =>
        Assert.Equal(
            Enum.GetValues<TLibrary>().Select(value => (value.ToString(), Convert.ToInt32(value, null))),
            Enum.GetValues<TPackage>().Select(value => (value.ToString(), Convert.ToInt32(value, null))));

    [GeneratedRegex(@"^PALI_API .*\b(?<name>pali_[a-z_]+)\((?<parameters>[^)]*)\)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Function();

    [GeneratedRegex("guid: (?<guid>[0-9a-f]{32})", RegexOptions.ExplicitCapture)]
    private static partial Regex Guid();
}
