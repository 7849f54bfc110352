using System.IO.Compression;
using System.Runtime.InteropServices;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests;

/// <summary>The same numbers give the same pair, wherever they come from: each kind of source with an adapter merged into it, stored in 4 bits.</summary>
public sealed class SourceCombinationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CheckpointFolder _checkpoint = CheckpointFolder.Copy(CheckpointFolder.Gemma2);
    private readonly PeftFolder _adapter = PeftFolder.ForText(CheckpointFolder.Gemma2);

    public SourceCombinationTests() => Store("F32", value => MemoryMarshal.AsBytes([value]).ToArray());

    public void Dispose()
    {
        _adapter.Dispose();
        _checkpoint.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("F32", false, 1)]
    [InlineData("F16", false, 3)]
    [InlineData("BF16", false, 2)]
    [InlineData("F32", true, 2)]
    [InlineData("F16", true, 1)]
    [InlineData("BF16", true, 3)]
    public async Task A_folder(string type, bool newNames, int shards)
    {
        ConversionResult expected = await ExpectedAsync();
        if (type == "F16") Store(type, value => MemoryMarshal.AsBytes([(Half)value]).ToArray());
        if (type == "BF16") Store(type, value => MemoryMarshal.AsBytes([(ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)]).ToArray());
        if (newNames)
        {
            _checkpoint.Rename(PeftFolder.Renamed);
            _checkpoint.Tensors.Add("lm_head.weight", _checkpoint.Tensors["model.language_model.embed_tokens.weight"]);
        }

        _checkpoint.SaveShards(shards);
        AssertSame(expected, await ConvertAsync(_checkpoint.Path, "out"));
    }

    [Theory]
    [InlineData("<f4", CompressionLevel.NoCompression)]
    [InlineData("<f2", CompressionLevel.NoCompression)]
    [InlineData("|V2", CompressionLevel.NoCompression)]
    [InlineData("<f2", CompressionLevel.Fastest)]
    public async Task An_npz_file(string type, CompressionLevel compression)
    {
        ConversionResult expected = await ExpectedAsync();
        string source = _folder.File("tiny.npz");
        RawNpz.Write(source, compression, BigVisionArrays.Of(_checkpoint, stacked: true).Files(type));
        AssertSame(expected, await ConvertAsync(source, "out"));
    }

    // Without an adapter the two differ, so what is compared has the adapter in it.
    [Fact]
    public async Task The_adapter_makes_a_difference()
    {
        ConversionResult expected = await ExpectedAsync();
        ConversionResult plain = await CheckpointConverter.ConvertAsync(
            new ConversionOptions { Source = _checkpoint.SaveSingle().Path, OutputFolder = _folder.File("plain"), Type = ModelFileType.Q4_K_M, Name = "tiny" });
        Assert.NotEqual(File.ReadAllBytes(expected.TextPath), File.ReadAllBytes(plain.TextPath));
    }

    private Task<ConversionResult> ExpectedAsync() => ConvertAsync(_checkpoint.SaveSingle().Path, "expected");

    private async Task<ConversionResult> ConvertAsync(string source, string output)
    {
        ConversionOptions options = new()
        {
            Source = source,
            OutputFolder = _folder.File(output),
            Type = ModelFileType.Q4_K_M,
            Name = "tiny",
            Tokenizer = _checkpoint.In("tokenizer.model"),
            Adapters = [new AdapterSource(_adapter.Path)],
        };
        ConversionResult result = await CheckpointConverter.ConvertAsync(options);
        foreach (string weights in Directory.GetFiles(_checkpoint.Path, "*.safetensors*")) File.Delete(weights);
        return result;
    }

    private static void AssertSame(ConversionResult expected, ConversionResult actual)
    {
        Assert.Equal(File.ReadAllBytes(expected.TextPath), File.ReadAllBytes(actual.TextPath));
        Assert.Equal(File.ReadAllBytes(expected.VisionPath), File.ReadAllBytes(actual.VisionPath));
    }

    // Numbers that all three types hold: of bfloat16's precision, in a half's range.
    private void Store(string type, Func<float, byte[]> bytes)
    {
        foreach ((string name, RawTensor tensor) in _checkpoint.Tensors.ToArray())
        {
            byte[] data = [.. ExpectedTensors.Floats(tensor).SelectMany(value => bytes((float)(Half)value))];
            _checkpoint.Tensors[name] = new RawTensor(type, tensor.Shape, data);
        }
    }
}
