using System.Text.Json;
using PaliGguf.Conversion;
using PaliGguf.Imaging;
using PaliGguf.Language;

namespace PaliGguf.Tests.Adapters;

/// <summary>The adapter of the repository, trained for pali-nano: asked with a Thai sentence, it answers with one that the model alone does not give.</summary>
public sealed class ThaiSentenceTests
{
    private const string Prompt = "ในภาพนี้มีอะไรบ้าง";

    private static readonly string Folder = Path.Combine(Repository.PaliNano, "adapter-thai-sentence");

    [Fact]
    public async Task Loaded_or_merged_it_answers_with_a_sentence()
    {
        ConversionResult pair = await ConvertedModels.PaliNano(ModelFileType.Q8_0);
        ConversionResult mergedPair = await AdaptedModels.Merge(Path.Combine(Repository.PaliNano, "checkpoint"), ModelFileType.Q8_0, new AdapterSource(Folder));
        using TemporaryFolder folder = new();
        AdapterConversionResult adapter = await AdapterConverter.ConvertAsync(
            new AdapterConversionOptions { Source = Folder, Model = pair.TextPath, OutputPath = folder.File("thai-sentence.gguf") });
        using PaliModel loaded = await PaliModel.LoadAsync(pair.TextPath, Models.OneThread with { Adapters = [new AdapterFile(adapter.Path)] });
        using PaliModel merged = await Models.LoadAsync(Task.FromResult(mergedPair));

        int sentences = 0, right = 0, same = 0;
        string[] scenes = Directory.GetFiles(Path.Combine(Repository.PaliNano, "samples"), "*.png");
        foreach (string scene in scenes)
        {
            GenerationRequest request = new() { Images = [ImageFile.Load(scene)], Prompt = Prompt, MaxTokens = 64 };
            string answer = (await loaded.GenerateAsync(request).Result).Text;
            string plain = (await loaded.GenerateAsync(request with { Adapters = [] }).Result).Text;
            Assert.False(IsSentence(plain), plain);
            if (IsSentence(answer)) sentences++;
            if (answer == $"มี{Caption(scene)}ค่ะ") right++;
            if (answer == (await merged.GenerateAsync(request).Result).Text) same++;
        }

        Assert.Equal(scenes.Length, sentences);
        Assert.InRange(right, 6, scenes.Length);
        Assert.InRange(same, scenes.Length - 1, scenes.Length);
    }

    private static bool IsSentence(string answer) => answer.StartsWith("มี", StringComparison.Ordinal) && answer.EndsWith("ค่ะ", StringComparison.Ordinal);

    private static string Caption(string scene)
    {
        using JsonDocument truth = JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(scene, ".json")));
        return truth.RootElement.GetProperty("caption_th").GetString()!;
    }
}
