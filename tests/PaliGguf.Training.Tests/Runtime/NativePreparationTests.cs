using PaliGguf.Tests;
using PaliGguf.Training.Runtime;

namespace PaliGguf.Training.Tests.Runtime;

public sealed class NativePreparationTests : IDisposable
{
    private const string Missing = "GLIBCXX_3.4.32";
    private static readonly string Library =
        Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_need_of_a_version_that_the_system_lacks_becomes_weak_and_nothing_else_changes()
    {
        if (!File.Exists(Library)) return;
        byte[] original = Unprepared();
        string path = _folder.Write("library.so", original);
        Assert.Equal(PreparationResult.Done, NativePreparation.Prepare(path, ["GLIBCXX_3.4.30"]));
        byte[] prepared = File.ReadAllBytes(path);
        NeededVersion need = Assert.Single(VersionTables.Read(path, prepared).Needed, each => each.Name == Missing);
        Assert.True(need.IsWeak);
        prepared[need.FlagsOffset] ^= (byte)NeededVersion.Weak;
        Assert.Equal(original, prepared);
    }

    [Fact]
    public void What_is_weak_already_stays() => OnCopy(path =>
    {
        NativePreparation.Prepare(path, []);
        byte[] prepared = File.ReadAllBytes(path);
        Assert.Equal(PreparationResult.DoneBefore, NativePreparation.Prepare(path, []));
        Assert.Equal(prepared, File.ReadAllBytes(path));
    });

    [Fact]
    public void A_system_that_has_the_version_needs_no_copy() => OnCopy(path =>
    {
        Assert.Equal(PreparationResult.NotNeeded, NativePreparation.Prepare(path, [Missing]));
        Assert.Equal(Unprepared(), File.ReadAllBytes(path));
    });

    [Fact]
    public void The_file_behind_a_link_stays_as_it_is() => OnCopy(path =>
    {
        string link = _folder.File("link.so");
        File.CreateSymbolicLink(link, path);
        Assert.Equal(PreparationResult.Done, NativePreparation.Prepare(link, []));
        Assert.Equal(Unprepared(), File.ReadAllBytes(path));
    });

    [Fact]
    public void The_system_tells_what_its_runtime_defines()
    {
        if (!OperatingSystem.IsLinux()) return;
        Assert.Contains("GLIBCXX_3.4", NativePreparation.SystemVersions());
        Assert.Contains("CXXABI_1.3", NativePreparation.SystemVersions());
    }

    [Fact]
    public void What_is_no_library_is_refused()
    {
        string path = _folder.Write("text.so", "#!/bin/sh"u8);
        InvalidDataException problem = Assert.Throws<InvalidDataException>(() => NativePreparation.Prepare(path, []));
        Assert.Contains(path, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_cut_off_anywhere_is_refused_or_read()
    {
        if (!File.Exists(Library)) return;
        byte[] original = Unprepared();
        for (int length = 6; length < original.Length; length += (length / 7) + 1)
        {
            byte[] part = original[..length];
            Exception? problem = Record.Exception(() => VersionTables.Read("part.so", part));
            Assert.True(problem is null or InvalidDataException, $"{length}: {problem}");
        }
    }

    private void OnCopy(Action<string> test)
    {
        if (File.Exists(Library)) test(_folder.Write("library.so", Unprepared()));
    }

    // The build has prepared the one beside this test where the system needs it.
    private static byte[] Unprepared()
    {
        byte[] file = File.ReadAllBytes(Library);
        foreach (NeededVersion need in VersionTables.Read(Library, file).Needed.Where(each => each.Name == Missing))
            file[need.FlagsOffset] &= unchecked((byte)~NeededVersion.Weak);
        return file;
    }
}
