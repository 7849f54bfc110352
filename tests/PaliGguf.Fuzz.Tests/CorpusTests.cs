using PaliGguf.Tests;

namespace PaliGguf.Fuzz.Tests;

/// <summary>The inputs that the fuzzer starts from, and those that it once found something with.</summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_input_is_taken_or_refused_in_words_and_some_are_taken(string name)
    {
        FuzzTarget target = FuzzTargets.Find(name)!;
        string?[] refusals = [.. Directory.GetFiles(Folder(name)).Select(file => target.Run(File.ReadAllBytes(file)))];
        Assert.Contains(refusals, refusal => refusal is null);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_beginning_of_an_input_is_taken_or_refused_in_words(string name)
    {
        FuzzTarget target = FuzzTargets.Find(name)!;
        foreach (byte[] input in Directory.GetFiles(Folder(name)).Select(File.ReadAllBytes))
        {
            for (int length = 0; length < input.Length; length += Math.Max(1, input.Length / 64)) target.Run(input[..length]);
        }
    }

    [Fact]
    public void Every_folder_of_the_corpus_is_a_target_s() => Assert.Equal(
        FuzzTargets.All.Select(target => target.Name).Order(StringComparer.Ordinal),
        Directory.GetDirectories(Folder("")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal));

    private static string Folder(string name) => Path.Combine(Repository.Root, "tests", "PaliGguf.Fuzz", "corpus", name);
}
