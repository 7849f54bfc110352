using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Synthesis;
using PaliGguf.Conversion.Tokenizers;
using PaliGguf.Gguf;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Synthesis;

public sealed class CheckpointSynthesizerTests
{
    // The real ones take gigabytes.
    private static readonly ModelSize Small = ModelSize.All[0] with
    {
        Name = "small-28",
        LayerCount = 2,
        EmbeddingLength = 64,
        FeedForwardLength = 128,
        HeadCount = 2,
        KeyValueHeadCount = 1,
        ImageSize = 28,
        VisionLayerCount = 1,
        VisionLength = 96,
        VisionFeedForwardLength = 100,
        VisionHeadCount = 2,
    };

    public static TheoryData<string> Sizes() => [.. ModelSize.All.Select(size => size.Name)];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_size_reads_back_from_its_configuration(string name)
    {
        Assert.True(ModelSize.TryParse(name.ToUpperInvariant(), out ModelSize? size));
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("config.json"), SyntheticConfig.Json(size).ToJsonString());
        CheckpointConfig config = CheckpointConfig.Read(folder.Path, new ConversionWarnings());
        Assert.Equal(SyntheticConfig.Text(size), config.Text with { SlidingWindow = null });
        Assert.Equal(SyntheticConfig.Vision(size), config.Vision);
        Assert.Equal(size.ImageToken, config.ImageToken);
        Assert.Equal(size.ImageTokens, config.Vision.Patches);
    }

    [Fact]
    public async Task A_synthetic_checkpoint_converts_to_what_the_pair_is_that_is_written_at_once()
    {
        using TemporaryFolder folder = new();
        IReadOnlyList<string> files = await Synthesize(folder.File("checkpoint"), type: null);
        Assert.Equal("model-00001-of-00001.safetensors", Path.GetFileName(files[0]));
        Assert.All(files, file => Assert.True(File.Exists(file)));
        IReadOnlyList<string> pair = await Synthesize(folder.File("pair"), ModelFileType.F16);
        ConversionResult converted = await CheckpointConverter.ConvertAsync(
            new ConversionOptions { Source = folder.File("checkpoint"), OutputFolder = folder.File("converted"), Type = ModelFileType.F16, Name = "synthetic-small-28" });

        SameShapes(converted.TextPath, pair[0]);
        SameShapes(converted.VisionPath, pair[1]);
        Assert.Equal(Path.GetFileName(converted.TextPath), Path.GetFileName(pair[0]));
        Assert.Equal(Path.GetFileName(converted.VisionPath), Path.GetFileName(pair[1]));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_files()
    {
        using TemporaryFolder folder = new();
        string first = (await Synthesize(folder.File("a"), ModelFileType.Q4_0))[0];
        string second = (await Synthesize(folder.File("b"), ModelFileType.Q4_0))[0];
        string other = (await Synthesize(folder.File("c"), ModelFileType.Q4_0, seed: 2))[0];
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
        Assert.NotEqual(File.ReadAllBytes(first), File.ReadAllBytes(other));
    }

    [Fact]
    public void The_tokenizer_is_as_large_as_the_real_one_and_sound()
    {
        SentencePieceModel model = SentencePieceModel.Parse(SyntheticTokenizer.Model(SyntheticTokenizer.Pieces()), "tokenizer.model");
        Assert.Equal(257_152, model.Pieces.Count);
        Assert.Equal("\n", model.Pieces[108].Text);
        Assert.Equal("<loc0000>", model.Pieces[256_000].Text);
        Assert.Equal("<seg127>", model.Pieces[257_151].Text);
        Assert.Equal((0, 1, 2, 3), (model.PaddingId, model.EndId, model.BeginId, model.UnknownId));
        Assert.Equal(257_152, Vocabulary.Build(model, [], 257_216, 257_152, "tokenizer.model").ImageId);
    }

    [Fact]
    public void Numbers_repeat_after_a_period_and_lie_around_their_mean()
    {
        SyntheticTensor tensor = new("x", [1000, 96], new RandomPool(seed: 5), start: 4_194_200, mean: 1, deviation: 0.5f);
        float[] all = new float[tensor.Count];
        tensor.Read(0, all);
        Assert.Equal(all[..(128 * 96)], all[(128 * 96)..(256 * 96)]);
        Assert.InRange(all.Average(), 0.97f, 1.03f);
        Assert.InRange(all.Average(value => (value - 1) * (value - 1)), 0.24f, 0.26f);
        float[] part = new float[777];
        tensor.Read(12_345, part);
        Assert.Equal(all[12_345..13_122], part);
    }

    [Fact]
    public async Task Cancelling_leaves_nothing()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CheckpointSynthesizer.SynthesizeAsync(
            new SynthesisOptions { Size = Small, OutputFolder = folder.File("out") }, cancellationToken: stop.Token));
        Assert.False(Directory.Exists(folder.File("out")));
    }

    private static Task<IReadOnlyList<string>> Synthesize(string folder, ModelFileType? type, int seed = 1) =>
        CheckpointSynthesizer.SynthesizeAsync(new SynthesisOptions { Size = Small, OutputFolder = folder, Type = type, Seed = seed });

    private static void SameShapes(string expected, string actual)
    {
        using GgufFile first = GgufFile.Open(expected);
        using GgufFile second = GgufFile.Open(actual);
        Assert.Equal(first.Tensors.Select(tensor => tensor.ToString()), second.Tensors.Select(tensor => tensor.ToString()));
        Assert.Equal(first.Metadata.Keys, second.Metadata.Keys);
    }
}
