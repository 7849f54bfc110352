using System.Text.Json.Nodes;
using PaliGguf.Gguf;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Bert;

public sealed class BertConverterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_file_has_the_layers_up_to_the_one_that_is_read_and_says_what_the_library_asks_for()
    {
        BertFolder bert = BertFolder.Random(1);

        BertConversionResult result = await Convert(bert, layer: 2);

        Assert.Equal(("bert-layer2", "bert-layer2-F32.gguf", 2), (result.Name, Path.GetFileName(result.Path), result.Layer));
        using GgufFile file = GgufFile.Open(result.Path);
        Assert.Equal(file.Length, result.Bytes);
        Assert.Equal("bert", file.Metadata.GetString("general.architecture"));
        Assert.Equal("no_vocab", file.Metadata.GetString("tokenizer.ggml.model"));
        Assert.Equal(2u, file.Metadata.GetUInt32("bert.block_count"));
        Assert.Equal((uint)bert.Vocabulary.Count, file.Metadata.GetUInt32("bert.vocab_size"));
        Assert.Equal(bert.Vocabulary, file.Metadata.GetStringArray("tokenizer.ggml.tokens"));
        Assert.Equal(5 + (2 * 16), file.Tensors.Count);
        Assert.DoesNotContain(file.Tensors, tensor => tensor.Name.StartsWith("blk.2.", StringComparison.Ordinal));
        Assert.Equal(bert.Tensors["encoder.layer.1.intermediate.dense.weight"].Data, Floats(file, "blk.1.ffn_up.weight"));
        Assert.Equal(bert.Tensors["encoder.layer.0.attention.output.LayerNorm.bias"].Data, Floats(file, "blk.0.attn_output_norm.bias"));
        Assert.Equal(bert.Tensors["embeddings.token_type_embeddings.weight"].Data, Floats(file, "token_types.weight"));
    }

    [Fact]
    public async Task A_model_with_heads_and_the_names_of_old_releases_gives_the_same_file()
    {
        BertFolder bert = BertFolder.Random(2);
        byte[] plain = await File.ReadAllBytesAsync((await Convert(bert, layer: 1)).Path);
        bert.Rename(name => "bert." + name.Replace("LayerNorm.weight", "LayerNorm.gamma").Replace("LayerNorm.bias", "LayerNorm.beta"));
        bert.Tensors["cls.predictions.bias"] = ([3], [1, 2, 3]);
        bert.Tensors["bert.pooler.dense.bias"] = ([3], [1, 2, 3]);
        bert.Tensors["bert.embeddings.position_ids"] = ([3], [0, 1, 2]);

        Assert.Equal(plain, await File.ReadAllBytesAsync((await Convert(bert, layer: 1)).Path));
    }

    [Theory]
    [InlineData("bert-base-multilingual-cased", 9)]
    [InlineData("BERT-base-multilingual-cased", 9)]
    [InlineData("bert-base-turkish-cased", 10)]
    [InlineData("scibert_scivocab_cased", 9)]
    public async Task The_layer_is_that_of_bert_score_by_the_models_name(string name, int layer) =>
        Assert.Equal(layer, (await Convert(BertFolder.Random(3, layers: 12), layer: null, folder: name)).Layer);

    [Fact]
    public async Task The_name_under_which_it_was_saved_counts_too()
    {
        BertFolder bert = BertFolder.Random(4, layers: 10);
        await AssertRefused(bert, null, "--layer", "1 to 10");
        bert.Config["_name_or_path"] = "google-bert/bert-base-multilingual-cased";
        Assert.Equal("bert-layer9", (await Convert(bert, layer: null)).Name);
        await AssertRefused(bert, 11, "layer 11");
        await AssertRefused(bert, 0, "layer 0");
    }

    [Theory]
    [InlineData("hidden_act", "\"gelu_new\"", "hidden_act")]
    [InlineData("position_embedding_type", "\"relative_key\"", "position_embedding_type")]
    [InlineData("is_decoder", "true", "is_decoder")]
    [InlineData("num_attention_heads", "5", "num_attention_heads")]
    [InlineData("hidden_size", "-1", "hidden_size is -1")]
    [InlineData("vocab_size", "5000000", "vocab_size is 5000000")]
    [InlineData("quantization_config", "{\"quant_method\": \"gptq\"}", "gptq")]
    [InlineData("intermediate_size", "47", "intermediate.dense.weight")]
    public async Task What_can_not_be_computed_is_refused_by_name(string key, string value, string message)
    {
        BertFolder bert = BertFolder.Random(5);
        bert.Config[key] = JsonNode.Parse(value);
        await AssertRefused(bert, 1, message);
    }

    [Theory]
    [InlineData("do_lower_case", true, "uncased")]
    [InlineData("strip_accents", true, "strip_accents")]
    [InlineData("tokenize_chinese_chars", false, "tokenize_chinese_chars")]
    public async Task A_tokenizer_that_does_something_else_is_refused(string key, bool value, string message)
    {
        BertFolder bert = BertFolder.Random(6);
        bert.TokenizerConfig[key] = value;
        await AssertRefused(bert, 1, message);
    }

    [Fact]
    public async Task A_vocabulary_without_capitals_is_uncased_unless_the_settings_say_otherwise()
    {
        BertFolder bert = BertFolder.Random(7, words: ["a", "b"]);
        await Convert(bert, 1);
        bert.TokenizerConfig.Remove("do_lower_case");
        await AssertRefused(bert, 1, "vocab.txt", "uncased");
    }

    [Fact]
    public async Task Malformed_vocabularies_are_refused()
    {
        BertFolder bert = BertFolder.Random(8);
        string source = bert.Save(_folder.File("bert"));
        string path = Path.Combine(source, "vocab.txt");
        await AssertSourceRefused(Write("[UNK]\n[CLS]\nA\n"u8), "[SEP] is missing");
        await AssertSourceRefused(Write("[UNK]\n[CLS]\n[SEP]\nA\n\xFF"u8[..^2].ToArray().Append((byte)0xFF).ToArray()), "not UTF-8");
        await AssertSourceRefused(Write([]), "[UNK] is missing");
        await AssertSourceRefused(Write(new byte[2000].Select(_ => (byte)'\n').ToArray()), "2000 lines");
        File.Delete(path);
        await AssertSourceRefused(source, "vocab.txt: the file is missing");

        // Line ends of all systems.
        Write("[UNK]\r\n[CLS]\r[SEP]\nA"u8);
        BertConversionResult result = await BertConverter.ConvertAsync(Options(source, 1));
        using GgufFile file = GgufFile.Open(result.Path);
        Assert.Equal(["[UNK]", "[CLS]", "[SEP]", "A"], file.Metadata.GetStringArray("tokenizer.ggml.tokens"));

        string Write(ReadOnlySpan<byte> content)
        {
            File.WriteAllBytes(path, content);
            return source;
        }
    }

    [Fact]
    public async Task Missing_and_surplus_tensors_are_reported_together()
    {
        BertFolder bert = BertFolder.Random(9);
        bert.Tensors.Remove("encoder.layer.0.output.dense.bias");
        bert.Tensors["encoder.extra"] = ([1], [0]);
        await AssertRefused(bert, 1, "missing encoder.layer.0.output.dense.bias", "surplus encoder.extra");
    }

    [Fact]
    public async Task Only_a_folder_of_a_bert_is_taken_for_one()
    {
        Assert.True(BertConverter.Recognizes(BertFolder.Random(10).Save(_folder.File("bert"))));
        Assert.False(BertConverter.Recognizes(CheckpointFolder.Gemma2));
        Assert.False(BertConverter.Recognizes(_folder.File("nothing")));
        await AssertSourceRefused(CheckpointFolder.Gemma2, "model_type is paligemma");
        await Assert.ThrowsAsync<ArgumentException>(() => BertConverter.ConvertAsync(
            new BertConversionOptions { Source = "x", OutputFolder = "y", Type = ModelFileType.Q4_K_M }));
    }

    public void Dispose() => _folder.Dispose();

    private BertConversionOptions Options(string source, int? layer) =>
        new() { Source = source, OutputFolder = _folder.File("out"), Layer = layer };

    private Task<BertConversionResult> Convert(BertFolder bert, int? layer, string folder = "bert") =>
        BertConverter.ConvertAsync(Options(bert.Save(_folder.File(folder)), layer));

    private async Task AssertRefused(BertFolder bert, int? layer, params string[] parts)
    {
        ModelFormatException error = await Assert.ThrowsAsync<ModelFormatException>(() => Convert(bert, layer));
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', error.Message);
    }

    private async Task AssertSourceRefused(string source, string part)
    {
        ModelFormatException error = await Assert.ThrowsAsync<ModelFormatException>(() => BertConverter.ConvertAsync(Options(source, 1)));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private static float[] Floats(GgufFile file, string name)
    {
        GgufTensor tensor = file.GetTensor(name);
        float[] values = new float[tensor.ByteLength / sizeof(float)];
        file.CopyTo(tensor, 0, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
