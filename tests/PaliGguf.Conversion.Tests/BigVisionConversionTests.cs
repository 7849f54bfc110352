using System.IO.Compression;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests;

/// <summary>A checkpoint of big_vision becomes the same pair of files as its Hugging Face form.</summary>
public sealed class BigVisionConversionTests : IDisposable
{
    private const string Embedding = "llm/embedder/input_embedding";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, bool, CompressionLevel> Files() => new()
    {
        { "tiny-g1", "<f4", true, CompressionLevel.NoCompression },
        { "tiny-g1", "<f8", false, CompressionLevel.NoCompression },
        { "tiny-g1", "<f4", true, CompressionLevel.Fastest },
        { "tiny-g2", "<f4", false, CompressionLevel.NoCompression },
        { "tiny-g2", "|V2", true, CompressionLevel.NoCompression },
        { "tiny-g2", "bfloat16", true, CompressionLevel.Fastest },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_byte_is_that_of_the_same_model_from_a_folder(string set, string type, bool stacked, CompressionLevel compression)
    {
        using CheckpointFolder checkpoint = Checkpoint(set);
        string source = _folder.File("pt_224.npz");
        RawNpz.Write(source, compression, BigVisionArrays.Of(checkpoint, stacked).Files(type));

        ConversionResult expected = await ConvertAsync(checkpoint.SaveSingle().Path, "expected", ModelFileType.Q8_0);
        ConversionResult result = await ConvertAsync(source, "out", ModelFileType.Q8_0, checkpoint.In("tokenizer.model"));

        Assert.Equal("pt_224", result.Name);
        AssertSame(expected.TextPath, result.TextPath);
        AssertSame(expected.VisionPath, result.VisionPath);
        Assert.Equal([result.VisionPath, result.TextPath], Directory.GetFileSystemEntries(_folder.File("out")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Sixteen_bit_floats_are_read_as_they_are()
    {
        using CheckpointFolder checkpoint = Checkpoint("tiny-g1");
        string source = _folder.File("pt_224.f16.npz");
        RawNpz.Write(source, CompressionLevel.NoCompression, BigVisionArrays.Of(checkpoint, stacked: true).Files("<f2"));
        foreach ((string name, RawTensor tensor) in checkpoint.Tensors.ToArray())
        {
            checkpoint.Tensors[name] = tensor with { Data = RawSafetensors.Bytes([.. ExpectedTensors.Floats(tensor).Select(value => (float)(Half)value)]) };
        }

        ConversionResult expected = await ConvertAsync(checkpoint.SaveSingle().Path, "expected", ModelFileType.F32);
        ConversionResult result = await ConvertAsync(source, "out", ModelFileType.F32, checkpoint.In("tokenizer.model"));
        AssertSame(expected.TextPath, result.TextPath);
        AssertSame(expected.VisionPath, result.VisionPath);
    }

    [Fact]
    public async Task An_embedding_without_a_row_for_the_image_gets_rows_of_zeros()
    {
        using CheckpointFolder checkpoint = Checkpoint("tiny-g2");
        BigVisionArrays arrays = BigVisionArrays.Of(checkpoint, stacked: true);
        (long[] shape, float[] values) = arrays.Arrays[Embedding];
        arrays.Arrays[Embedding] = ([2052, shape[1]], values[..(int)(2052 * shape[1])]);
        string source = _folder.File("pt_224.npz");
        RawNpz.Write(source, CompressionLevel.NoCompression, arrays.Files());

        ConversionResult expected = await ConvertAsync(checkpoint.SaveSingle().Path, "expected", ModelFileType.F32);
        ConversionResult result = await ConvertAsync(source, "out", ModelFileType.F32, checkpoint.In("tokenizer.model"));

        RawGguf text = RawGguf.Read(result.TextPath);
        (GgmlType _, long[] size, byte[] data) = text.Tensors["token_embd.weight"];
        Assert.Equal([shape[1], 2112], size);
        int known = (int)(2052 * shape[1] * 4);
        Assert.Equal(RawGguf.Read(expected.TextPath).Tensors["token_embd.weight"].Data[..known], data[..known]);
        Assert.All(data[known..], value => Assert.Equal(0, value));
        object[] tokens = (object[])text.Metadata["tokenizer.ggml.tokens"];
        Assert.Equal(("<image>", "[PAD2053]", 2112), (tokens[2052], tokens[2053], tokens.Length));
    }

    [Fact]
    public async Task The_sizes_are_those_of_the_arrays()
    {
        using CheckpointFolder checkpoint = Checkpoint("tiny-g2");
        string source = _folder.File("pt_224.npz");
        RawNpz.Write(source, CompressionLevel.NoCompression, BigVisionArrays.Of(checkpoint, stacked: true).Files());
        ConversionResult expected = await ConvertAsync(checkpoint.SaveSingle().Path, "expected", ModelFileType.F16, name: "tiny");
        ConversionResult result = await ConvertAsync(source, "out", ModelFileType.F16, checkpoint.In("tokenizer.model"), "tiny");
        Assert.Equal(RawGguf.Read(expected.TextPath).Metadata, RawGguf.Read(result.TextPath).Metadata);
        Assert.Equal(RawGguf.Read(expected.VisionPath).Metadata, RawGguf.Read(result.VisionPath).Metadata);
    }

    [Theory]
    [InlineData("", "opt/0/mu/llm/embedder/input_embedding")]
    [InlineData("params/", "opt/1/params/llm/layers/mlp/linear")]
    [InlineData("params/", "extra/step")]
    [InlineData("train_state/params/", "train_state/step")]
    public async Task What_else_a_training_run_saves_is_left_alone(string prefix, string other)
    {
        using CheckpointFolder checkpoint = Checkpoint("tiny-g2");
        string source = _folder.File("pt_224.npz");
        RawNpz.Write(source, CompressionLevel.NoCompression, [.. BigVisionArrays.Of(checkpoint, stacked: true).Files(prefix: prefix), (other + ".npy", RawNpz.Array<int>("<i4", [1], 1))]);
        ConversionResult result = await ConvertAsync(source, "out", ModelFileType.Q8_0, checkpoint.In("tokenizer.model"));
        Assert.Contains("blk.2.ffn_down.weight", RawGguf.Read(result.TextPath).Tensors.Keys);
    }

    [Fact]
    public async Task Unfit_arrays_are_listed_together_under_their_own_names()
    {
        using CheckpointFolder checkpoint = Checkpoint("tiny-g2");
        BigVisionArrays arrays = BigVisionArrays.Of(checkpoint, stacked: true);
        arrays.Arrays.Remove("llm/final_norm/scale");
        arrays.Arrays.Remove("img/head/bias");
        arrays.Arrays["img/embedding/bias"] = ([1, 144], arrays.Arrays["img/embedding/bias"].Values);
        arrays.Arrays["llm/layers/lora/w"] = ([1], [1]);
        string source = _folder.File("pt_224.npz");
        RawNpz.Write(source, CompressionLevel.NoCompression, arrays.Files());
        OneLineError.Check(
            await FailAsync(source, checkpoint.In("tokenizer.model")),
            source,
            "not those of a PaliGemma checkpoint of big_vision (2 missing, 1 unfit, 1 surplus)",
            "missing params/llm/final_norm/scale",
            "missing params/img/head/bias",
            "params/img/embedding/bias is [1, 144], expected [144]",
            "surplus params/llm/layers/lora/w");
    }

    [Fact]
    public async Task Arrays_that_tell_sizes_are_listed_together()
    {
        using CheckpointFolder checkpoint = Checkpoint("tiny-g2");
        BigVisionArrays arrays = BigVisionArrays.Of(checkpoint, stacked: true);
        arrays.Arrays.Remove("llm/layers/mlp/gating_einsum");
        arrays.Arrays["img/embedding/kernel"] = ([144], new float[144]);
        arrays.Arrays["img/pos_embedding"] = ([1, 255, 144], new float[255 * 144]);
        string source = _folder.File("pt_224.npz");
        RawNpz.Write(source, CompressionLevel.NoCompression, arrays.Files());
        OneLineError.Check(
            await FailAsync(source, checkpoint.In("tokenizer.model")),
            "1 missing, 2 unfit",
            "missing params/llm/layers/mlp/gating_einsum",
            "params/img/embedding/kernel is [144], expected 4 dimensions",
            "params/img/pos_embedding is [1, 255, 144]");
    }

    [Theory]
    [InlineData("llm/layers/attn/kv_einsum/w", "3, 2, 3, 256, 64", "has 3 heads, which do not divide the 4 of attn/q_einsum/w")]
    [InlineData("llm/layers/attn/q_einsum/w", "600, 1, 1, 1", "has a dimension of 600, expected at most 512")]
    [InlineData("llm/layers/mlp/gating_einsum", "3, 2, 1, 1048577", "has a dimension of 1048577, expected at most 1048576")]
    [InlineData("img/Transformer/encoderblock/MultiHeadDotProductAttention_0/query/kernel", "2, 144, 5, 29", "is [2, 144, 5, 29], expected [2, 144, 5, 28]")]
    public async Task Sizes_that_no_model_has_are_refused(string array, string sizes, string problem)
    {
        using CheckpointFolder checkpoint = Checkpoint("tiny-g2");
        BigVisionArrays arrays = BigVisionArrays.Of(checkpoint, stacked: true);
        long[] shape = [.. sizes.Split(", ").Select(long.Parse)];
        arrays.Arrays[array] = (shape, new float[shape.Aggregate(1L, (product, size) => product * size)]);
        string source = _folder.File("pt_224.npz");
        RawNpz.Write(source, CompressionLevel.NoCompression, arrays.Files());
        OneLineError.Check(await FailAsync(source, checkpoint.In("tokenizer.model")), source, $"params/{array} {problem}");
    }

    [Fact]
    public async Task Another_archive_is_refused()
    {
        string source = _folder.File("vae.npz");
        RawNpz.Write(source, CompressionLevel.NoCompression, [("x.npy", RawNpz.Array<float>("<f4", [1], 1))]);
        OneLineError.Check(await FailAsync(source, _folder.File("any.model")), source, "params/llm/embedder/input_embedding");
    }

    [Theory]
    [InlineData(new[] { "a.model" }, true)]
    [InlineData(new string[0], false)]
    [InlineData(new[] { "a.model", "b.model" }, false)]
    public async Task The_tokenizer_beside_the_file_is_found_if_it_is_the_only_one(string[] names, bool found)
    {
        using CheckpointFolder checkpoint = Checkpoint("tiny-g2");
        string source = _folder.File("pt_224.npz");
        RawNpz.Write(source, CompressionLevel.NoCompression, BigVisionArrays.Of(checkpoint, stacked: true).Files());
        foreach (string name in names) File.Copy(checkpoint.In("tokenizer.model"), _folder.File(name));
        if (found) Assert.Equal("pt_224", (await ConvertAsync(source, "out", ModelFileType.Q8_0)).Name);
        else OneLineError.Check(await FailAsync(source, null), [source, "--tokenizer", .. names]);
    }

    [Fact]
    public async Task A_tokenizer_with_more_tokens_than_the_embedding_has_rows_is_refused()
    {
        using CheckpointFolder checkpoint = Checkpoint("tiny-g2");
        BigVisionArrays arrays = BigVisionArrays.Of(checkpoint, stacked: true);
        (long[] shape, float[] values) = arrays.Arrays[Embedding];
        arrays.Arrays[Embedding] = ([2048, shape[1]], values[..(int)(2048 * shape[1])]);
        string source = _folder.File("pt_224.npz");
        RawNpz.Write(source, CompressionLevel.NoCompression, arrays.Files());
        OneLineError.Check(await FailAsync(source, checkpoint.In("tokenizer.model")), "tokenizer.model", "2052 tokens", "pt_224.npz only 2048 rows");
    }

    [Fact]
    public async Task An_array_that_unpacks_to_more_than_it_says_is_refused_and_leaves_nothing()
    {
        using CheckpointFolder checkpoint = Checkpoint("tiny-g2");
        string source = _folder.File("pt_224.npz");
        RawZip zip = new();
        foreach ((string name, byte[] content) in BigVisionArrays.Of(checkpoint, stacked: true).Files())
        {
            bool bomb = name == $"params/{Embedding}.npy";
            zip.Add(new RawZipEntry(name, bomb ? [.. content, .. new byte[1 << 24]] : content) { Compress = bomb, DeclaredLength = content.Length });
        }

        zip.Write(source);
        OneLineError.Check(await FailAsync(source, checkpoint.In("tokenizer.model")), source, Embedding, "unpacks to more than the");
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    private static CheckpointFolder Checkpoint(string set) => CheckpointFolder.Copy(set == "tiny-g1" ? CheckpointFolder.Gemma : CheckpointFolder.Gemma2);

    private static void AssertSame(string expected, string actual)
    {
        RawGguf first = RawGguf.Read(expected);
        RawGguf second = RawGguf.Read(actual);
        Assert.Equal(first.Tensors.Keys, second.Tensors.Keys);
        foreach ((string name, (GgmlType Type, long[] Shape, byte[] Data) tensor) in first.Tensors)
        {
            Assert.Equal(tensor.Shape, second.Tensors[name].Shape);
            Assert.True(tensor.Data.AsSpan().SequenceEqual(second.Tensors[name].Data), name);
        }
    }

    private Task<ConversionResult> ConvertAsync(string source, string output, ModelFileType type, string? tokenizer = null, string? name = null) =>
        CheckpointConverter.ConvertAsync(new ConversionOptions { Source = source, OutputFolder = _folder.File(output), Type = type, Tokenizer = tokenizer, Name = name });

    private Task<ModelFormatException> FailAsync(string source, string? tokenizer) =>
        Assert.ThrowsAsync<ModelFormatException>(() => ConvertAsync(source, "out", ModelFileType.F16, tokenizer));
}
