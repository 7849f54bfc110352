using System.Numerics.Tensors;
using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Conversion;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

public sealed class PrefixParityTests
{
    [Theory]
    [InlineData("tiny-g1", GgmlType.F16, 0.03f)]
    [InlineData("tiny-g2", GgmlType.F16, 0.03f)]
    [InlineData("tiny-g1", GgmlType.F32, 0.01f)]
    [InlineData("tiny-g2", GgmlType.F32, 0.01f)]
    public async Task Logits_after_the_prefix_are_those_of_the_reference(string name, GgmlType cacheType, float largestDifference)
    {
        GoldenSet golden = GoldenSet.Load(name);
        using TextModel model = Load((await ConvertedModels.Golden(name, ModelFileType.F32)).TextPath);
        using TextContext context = new(model, new TextContextOptions(512, 1, 1, cacheType, Offload: false), NullLogger.Instance);
        foreach (GoldenCase expected in golden.Cases)
        {
            // The reference's own image rows, so that this looks at the decoder alone.
            float[] prefix = new float[expected.PrefixLength * model.Embeddings.Length];
            float[] image = golden.Arrays.Floats($"image{expected.ImageIndex}.projector_out");
            TensorPrimitives.Divide(image, MathF.Sqrt(model.Embeddings.Length), prefix.AsSpan(0, image.Length));
            model.Embeddings.CopyRows(expected.TextIds, prefix.AsSpan(image.Length));

            Assert.Equal(DecodeStatus.Done, context.DecodePrefix(prefix, expected.PrefixLength, 0));
            float[] difference = golden.Arrays.Floats($"case{expected.Index}.prefix_logits");
            TensorPrimitives.Subtract(difference, context.Logits(expected.PrefixLength - 1), difference);
            context.Remove(0);
            Assert.InRange(MathF.Abs(TensorPrimitives.MaxMagnitude(difference)), 0, largestDifference);
        }
    }

    [Theory]
    [InlineData("tiny-g1")]
    [InlineData("tiny-g2")]
    public async Task Text_becomes_the_reference_ids_and_ids_become_the_reference_text(string name)
    {
        GoldenSet golden = GoldenSet.Load(name);
        using TextModel model = Load((await ConvertedModels.Golden(name, ModelFileType.F32)).TextPath);
        Assert.All(golden.Tokenizations, pair => Assert.Equal(pair.Ids, model.Vocabulary.Tokenize(pair.Text)));
        Assert.All(golden.Detokenizations, pair => Assert.Equal(pair.Text, model.Vocabulary.Detokenize(pair.Ids)));
        Assert.All(golden.Cases, item => Assert.Equal(item.TextIds[1..], model.Vocabulary.Tokenize(item.Prefix + "\n")));
    }

    [Fact]
    public async Task Control_tokens_are_never_recognised_in_text()
    {
        using TextModel model = Load((await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).TextPath);
        foreach (string text in new[] { "<image>", "<eos>", "<bos>", "<pad>", "is <eos> here? <image><bos>", "<0x0A>" })
        {
            int[] ids = model.Vocabulary.Tokenize(text);
            Assert.DoesNotContain(ids, id => id >= model.Vocabulary.ImageToken || id == model.Vocabulary.EndOfSequence || id == model.Vocabulary.BeginOfSequence);
            Assert.Equal(text, model.Vocabulary.Detokenize(ids));
        }

        Assert.Equal(4, model.Vocabulary.Tokenize("<loc0000><loc0001><loc0002><seg000>").Length);
    }

    private static TextModel Load(string path)
    {
        GgufFile file = GgufFile.Open(path);
        return TextModel.Load(file, TextModelLayout.Read(file), Models.OneThread with { GpuLayers = 0 }, NullLogger.Instance, progress: null, CancellationToken.None);
    }
}
