using LLama;
using PaliGguf.Conversion;
using PaliGguf.Imaging;
using PaliGguf.Language;
using PaliGguf.LLamaSharp.Binding;
using PaliGguf.Tests;

namespace PaliGguf.LLamaSharp.Tests;

/// <summary>LoRA adapters by LLamaSharp.</summary>
public sealed class AdapterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Requests_with_and_without_one_are_answered_as_by_the_librarys_own_binding()
    {
        string source = Path.Combine(Repository.PaliNano, "adapter-thai-sentence");
        AdapterConversionOptions conversion = new() { Source = source, Model = Nano.TextPath, OutputPath = _folder.File("thai.gguf") };
        AdapterConversionResult adapter = await AdapterConverter.ConvertAsync(conversion);
        using LLamaWeights weights = Nano.LoadWeights();
        ModelOptions options = Models.OneThread with { Adapters = [new AdapterFile(adapter.Path)], Sequences = 2 };
        using PaliModel own = await PaliModel.LoadAsync(Nano.TextPath, options);
        using PaliModel theirs = await LLamaSharpModel.LoadAsync(weights, Nano.TextPath, options);
        GenerationRequest sentence = new() { Images = [ImageFile.Load(Nano.Turtle)], Prompt = "ในภาพนี้มีอะไรบ้าง", MaxTokens = 64 };
        GenerationRequest plain = sentence with { Adapters = [], Prompt = "caption en" };
        string expected = (await own.GenerateAsync(sentence).Result).Text;
        Assert.EndsWith("ค่ะ", expected, StringComparison.Ordinal);

        // Side by side, so that the context switches between them.
        GenerationResult[] results = await Task.WhenAll(theirs.GenerateAsync(sentence).Result, theirs.GenerateAsync(plain).Result);
        Assert.Equal([expected, Nano.TurtleCaption], results.Select(result => result.Text));
    }

    [Fact]
    public void One_that_the_library_does_not_take_is_none()
    {
        using LLamaSharpWeights weights = new(Nano.LoadWeights().NativeHandle, owned: true, ownProducts: false);
        Assert.Null(weights.LoadAdapter(Nano.TextPath));
    }
}
