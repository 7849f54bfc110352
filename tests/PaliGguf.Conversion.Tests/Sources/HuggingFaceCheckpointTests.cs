using System.Text.Json.Nodes;
using PaliGguf.Conversion.Sources;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Sources;

public sealed class HuggingFaceCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Shards_are_found_through_the_index()
    {
        Shard("model-1.safetensors", "a");
        Shard("model-2.safetensors", "b");
        Index(("a", "model-1.safetensors"), ("b", "model-2.safetensors"));

        using HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.Open(_folder.Path);

        Assert.Equal(["a", "b"], checkpoint.Tensors.Keys.Order());
    }

    [Fact]
    public void A_missing_shard_is_named()
    {
        Shard("model-1.safetensors", "a");
        Index(("a", "model-1.safetensors"), ("b", "model-2.safetensors"));
        Refused("model.safetensors.index.json", "model-2.safetensors is missing");
    }

    [Theory]
    [InlineData("../model-1.safetensors")]
    [InlineData("sub/model-1.safetensors")]
    [InlineData("sub\\model-1.safetensors")]
    [InlineData("/etc/model.safetensors")]
    [InlineData("C:model.safetensors")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("config.json")]
    [InlineData("a\n.safetensors")]
    public void A_shard_outside_the_folder_is_refused(string shard)
    {
        Index(("a", shard));
        Refused("model.safetensors.index.json", "not the plain name");
    }

    [Fact]
    public void A_tensor_that_is_not_where_the_index_says_is_named()
    {
        Shard("model-1.safetensors", "a");
        Shard("model-2.safetensors", "b");
        Index(("a", "model-1.safetensors"), ("b", "model-2.safetensors"), ("c", "model-2.safetensors"));
        Refused("tensor c", "model-2.safetensors");
        Index(("a", "model-2.safetensors"), ("b", "model-1.safetensors"));
        Refused("should be in");
    }

    [Fact]
    public void A_tensor_in_two_shards_is_refused()
    {
        Shard("model-1.safetensors", "a");
        Shard("model-2.safetensors", "b", "a");
        Index(("a", "model-1.safetensors"), ("b", "model-2.safetensors"));
        Refused("tensor a", "model-1.safetensors");
    }

    [Theory]
    [InlineData("{}", "weight_map is missing")]
    [InlineData("""{"weight_map":[]}""", "weight_map is missing")]
    [InlineData("""{"weight_map":{}}""", "weight_map is empty")]
    [InlineData("""{"weight_map":{"a":1}}""", "not the plain name")]
    [InlineData("""{"weight_map":{"a":"a.safetensors","a":"b.safetensors"}}""", "not valid JSON")]
    [InlineData("[1]", "not an object")]
    [InlineData("<html>", "web page")]
    public void A_malformed_index_is_refused(string content, string message)
    {
        File.WriteAllText(_folder.File("model.safetensors.index.json"), content);
        Refused("model.safetensors.index.json", message);
    }

    [Fact]
    public void A_folder_without_weights_is_told_what_is_missing() => Refused(_folder.Path, "model.safetensors");

    [Fact]
    public void A_truncated_shard_is_named()
    {
        Shard("model-1.safetensors", "a");
        string shard = _folder.File("model-1.safetensors");
        File.WriteAllBytes(shard, File.ReadAllBytes(shard)[..^2]);
        Index(("a", "model-1.safetensors"));
        Refused(shard, "truncated");
    }

    private void Shard(string file, params string[] tensors) =>
        RawSafetensors.Write(_folder.File(file), tensors.Select(name => KeyValuePair.Create(name, new RawTensor("F32", [1], new byte[4]))));

    private void Index(params (string Tensor, string Shard)[] entries) => File.WriteAllText(
        _folder.File("model.safetensors.index.json"),
        new JsonObject { ["weight_map"] = new JsonObject(entries.Select(entry => KeyValuePair.Create(entry.Tensor, (JsonNode?)entry.Shard))) }.ToJsonString());

    private void Refused(params string[] contained) => OneLineError.Check(() => HuggingFaceCheckpoint.Open(_folder.Path), contained);
}
