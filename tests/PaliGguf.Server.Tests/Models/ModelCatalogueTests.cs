using PaliGguf.Hub;
using PaliGguf.Server.Models;
using PaliGguf.Tests;

namespace PaliGguf.Server.Tests.Models;

public sealed class ModelCatalogueTests
{
    [Fact]
    public void What_was_pulled_is_found_by_its_names()
    {
        using TemporaryFolder home = new();
        Pull(home, "google/nano", "Q8_0");
        Pull(home, "google/nano", "F16");
        Pull(home, "other/micro", "Q8_0");
        ModelCatalogue catalogue = new([], new ModelHub(new HubOptions(), home.Path), usual: "micro");
        Assert.Equal(["google/nano:F16", "google/nano:Q8_0", "other/micro:Q8_0"], catalogue.List().Select(model => model.Name));
        foreach (string name in (string[])["google/nano:Q8_0", "nano:q8_0"]) Assert.Equal("google/nano:Q8_0", catalogue.Find(name).Name);
        foreach (string? name in (string?[])["micro", "other/micro", "Micro:latest", null]) Assert.Equal("other/micro:Q8_0", catalogue.Find(name).Name);
        Assert.Contains("name one of 'google/nano:F16', 'google/nano:Q8_0'", Assert.ThrowsAny<Exception>(() => catalogue.Find("nano")).Message);
    }

    [Fact]
    public void Half_a_pair_is_not_listed_and_neither_are_deeper_folders()
    {
        using ModelFolder models = new();
        File.Copy(Path.Combine(models.Path, ModelFolder.First + ".gguf"), Path.Combine(models.Path, "second", "alone-Q8_0.gguf"));
        Directory.CreateDirectory(Path.Combine(models.Path, "second", "third"));
        models.Add("deep-Q8_0", "second/third");
        IReadOnlyList<ListedModel> listed = new ModelCatalogue([models.Path], null, "").List();
        // The only vision model of its folder may be meant with it.
        Assert.Equal(["alone-Q8_0", ModelFolder.First, ModelFolder.Second], listed.Select(model => model.Name));
        File.Delete(Path.Combine(models.Path, "second", $"mmproj-{ModelFolder.Second}.gguf"));
        Assert.Equal([ModelFolder.First], new ModelCatalogue([models.Path], null, "").List().Select(model => model.Name));
    }

    private static void Pull(TemporaryFolder home, string name, string variant)
    {
        string folder = Directory.CreateDirectory(Path.Combine(home.Path, "models", name, "0123abcd", variant)).FullName;
        List<string> files = [];
        foreach (string file in Directory.EnumerateFiles(Repository.PaliNano, "*.gguf"))
        {
            string copy = Path.GetFileName(file).Replace("pali-nano-Q8_0", $"model-{variant}", StringComparison.Ordinal);
            File.Copy(file, Path.Combine(folder, copy));
            files.Add($$"""{"name":"{{copy}}","bytes":{{new FileInfo(file).Length}}}""");
        }

        File.WriteAllText(Path.Combine(folder, "manifest.json"),
            $$"""{"kind":"Pair","revision":"main","endpoint":"http://localhost","pulled":"2026-01-01T00:00:00Z","files":[{{string.Join(',', files)}}]}""");
    }
}
