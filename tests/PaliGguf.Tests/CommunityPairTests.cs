using PaliGguf.Conversion;
using PaliGguf.Gguf;
using PaliGguf.Imaging;
using PaliGguf.Language;

namespace PaliGguf.Tests;

/// <summary>
/// Pairs as others have published them (docs/models.md says which) give the reference's tokens: with fewer keys, other names, and further tensors.
/// </summary>
public sealed class CommunityPairTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_pair_for_the_first_fork_is_read()
    {
        GgufEdits text = new GgufEdits().Without("general.type").Without("gemma.rope.freq_base").Without("tokenizer.ggml.add_space_prefix")
            .With("gemma.context_length", 2048).With("gemma.vocab_size", 2112);
        GgufEdits vision = new GgufEdits().Without("general.type").Without("clip.projector_type")
            .With("clip.has_text_encoder", false).With("clip.has_llava_projector", true).With("clip.vision.projection_dim", 2048)
            .WithTensor("v.head.probe", GgmlType.F32, 144);
        await GivesTheReferenceTokens("tiny-g1", text, "paligemma-3b-mix-224-text-model-f16.gguf", vision, "paligemma-3b-mix-224-mmproj-f16.gguf");
    }

    [Fact]
    public async Task A_pair_of_the_library_s_own_converter_is_read()
    {
        GgufEdits text = new GgufEdits().Without("gemma2.rope.freq_base").With("gemma2.attention.sliding_window", 4096).Without("tokenizer.ggml.add_eos_token")
            .With("general.basename", "paligemma2").With("general.size_label", "3B").With("tokenizer.chat_template", "{{ messages }}");
        GgufEdits vision = new GgufEdits().With("clip.projector_type", "paligemma2").With("general.size_label", "415M")
            .Rename(name => name.Replace("mm.0.", "mm.input_projection."));
        await GivesTheReferenceTokens("tiny-g2", text, "paligemma2-3b-mix-224-f16.gguf", vision, "mmproj-paligemma2-3b-mix-224-f16.gguf");
    }

    [Fact]
    public async Task An_output_matrix_of_its_own_is_refused()
    {
        string source = (await ConvertedModels.Golden("tiny-g1", ModelFileType.F32)).TextPath;
        string path = new GgufEdits().WithTensor("output.weight", GgmlType.F32, 256, 2112).Write(source, _folder.File("a.gguf"));
        using GgufFile file = GgufFile.Open(path);
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => TextModelLayout.Read(file));
        Assert.Contains("output.weight", error.Message, StringComparison.Ordinal);
    }

    private async Task GivesTheReferenceTokens(string set, GgufEdits text, string textName, GgufEdits vision, string visionName)
    {
        ConversionResult source = await ConvertedModels.Golden(set, ModelFileType.F32);
        text.Write(source.TextPath, _folder.File(textName));
        vision.Write(source.VisionPath, _folder.File(visionName));
        GoldenSet golden = GoldenSet.Load(set);
        using PaliModel model = await PaliModel.LoadAsync(_folder.Path, Models.OneThread);
        foreach (GoldenCase expected in golden.Cases)
        {
            GenerationResult result = await model.GenerateAsync(new GenerationRequest
            {
                Images = [ImageFile.Load(Path.Combine(golden.Folder, expected.Image))],
                Prompt = expected.Prefix,
                MaxTokens = expected.Suffix.Length,
                IgnoreEos = true,
            }).Result;
            Assert.Equal(expected.PrefixLength, result.PrefixTokens);
            Assert.Equal(expected.Suffix, result.Tokens);
        }
    }
}
