using PaliGguf.Gguf;
using PaliGguf.Tasks;

namespace PaliGguf.Tests.Tasks;

public sealed class ListedLanguagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Recorder _recorder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_prompt_in_a_language_that_is_not_listed_is_warned_of_once()
    {
        ListedLanguages languages = Read(new GgufEdits().With("general.languages", ["EN", "pt-BR", "Thai", "multilingual"]));
        Assert.Equal(["en", "pt", "th"], languages.Codes);

        string[] fine = ["caption en", "answer th ไหน", "describe pt", "ocr", "detect cat", "caption", "caption nobody", "a de", ""];
        foreach (string prompt in fine) languages.Look(prompt);
        Assert.Empty(_recorder.Lines);

        foreach (string prompt in new[] { "caption de", "answer de wo?", "cap fr", "describe fr" }) languages.Look(prompt);
        Assert.Collection(
            _recorder.Lines,
            line => Assert.Contains("asks for 'de', and the file lists the languages en, pt, th", line, StringComparison.Ordinal),
            line => Assert.Contains("asks for 'fr'", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_lists_none_allows_all()
    {
        GgufEdits[] silent =
        [
            new(), new GgufEdits().With("general.languages", ["code"]), new GgufEdits().With("general.languages", "en"),
            new GgufEdits().With("general.languages", new[] { 1, 2 }),
        ];
        foreach (GgufEdits edits in silent)
        {
            ListedLanguages languages = Read(edits);
            Assert.Equal(PromptLanguage.Codes, languages.Codes);
            languages.Look("caption de");
            Assert.Empty(_recorder.Lines);
        }
    }

    private ListedLanguages Read(GgufEdits edits)
    {
        using GgufFile file = GgufFile.Open(edits.Write(Directory.GetFiles(Repository.PaliNano, "pali*.gguf").Single(), _folder.File("text.gguf")));
        return ListedLanguages.Read(file, _recorder);
    }
}
