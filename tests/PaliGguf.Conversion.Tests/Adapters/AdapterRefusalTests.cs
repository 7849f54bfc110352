using System.Text.Json.Nodes;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Adapters;

/// <summary>Whatever is wrong with an adapter is one line, tells everything at once, and leaves nothing behind.</summary>
public sealed class AdapterRefusalTests
{
    private const string Prefix = "base_model.model.";
    private const string Query = Prefix + "language_model.model.layers.0.self_attn.q_proj";

    private static readonly Dictionary<string, (Action<PeftFolder> Spoil, string[] Told)> Faults = new(StringComparer.Ordinal)
    {
        ["a factor is missing"] = (adapter => adapter.Tensors.Remove(Query + ".lora_B.weight"), ["layers.0.self_attn.q_proj has no lora_B"]),
        ["the other factor is missing"] = (adapter => adapter.Tensors.Remove(Query + ".lora_A.weight"), ["layers.0.self_attn.q_proj has no lora_A"]),
        ["a module is unknown"] = (adapter => Pair(adapter, "language_model.model.layer.0.q_proj", 256, 256), ["the checkpoint has no module language_model.model.layer.0.q_proj"]),
        ["a module is of another model"] = (adapter => Pair(adapter, "transformer.h.0.attn", 256, 256), ["unknown module transformer.h.0.attn"]),
        ["a layer is not there"] = (adapter => Pair(adapter, "language_model.model.layers.9.self_attn.q_proj", 256, 256), ["the checkpoint has no module language_model.model.layers.9"]),
        ["a matrix has another shape"] = (adapter => Pair(adapter, "language_model.model.layers.0.self_attn.q_proj", 256, 128), ["q_proj is [256, 128], and the checkpoint's is [256, 256]"]),
        ["the ranks differ"] = (adapter => adapter.Add(Query + ".lora_A.weight", 4, 256), ["factors of [4, 256] and [256, 8]"]),
        ["a rank is not that of the configuration"] = (adapter => Pair(adapter, "language_model.model.layers.0.self_attn.q_proj", 256, 256, 4), ["rank 4, and adapter_config.json says 8"]),
        ["a rank is 0"] = (adapter => Pair(adapter, "language_model.model.layers.0.self_attn.q_proj", 256, 256, 0), ["factors of 0 and 0 elements"]),
        ["a factor is a vector"] = (adapter => adapter.Add(Query + ".lora_A.weight", 8), ["factors of [8] and"]),
        ["the embedding is adapted"] = (adapter => Pair(adapter, "language_model.model.embed_tokens", 2112, 256), ["one matrix for embedding and output"]),
        ["the embedding is adapted as one"] = (adapter => adapter.Add(Prefix + "language_model.model.embed_tokens.lora_embedding_A", 8, 2112), ["lora_embedding_A is a part of something else"]),
        ["the output matrix is adapted"] = (adapter => Pair(adapter, "language_model.lm_head", 2112, 256), ["one matrix for embedding and output"]),
        ["magnitudes are there"] = (adapter => adapter.Add(Query + ".lora_magnitude_vector", 256), ["lora_magnitude_vector"]),
        ["a saved tensor has another shape"] = (adapter => adapter.Add(Prefix + "multi_modal_projector.linear.bias", 17), ["is [17], and the checkpoint's is [256]"]),
        ["a saved tensor is unknown"] = (adapter => adapter.Add(Prefix + "classifier.weight", 17), ["unknown base_model.model.classifier.weight"]),
        ["a saved tensor is of no module"] = (adapter => adapter.Add(Prefix + "multi_modal_projector.linear.gain", 17), ["the checkpoint has no tensor for"]),
        ["only the embedding is saved"] = (
            adapter =>
            {
                adapter.Add(Prefix + "language_model.model.embed_tokens.weight", 2112, 256);
                adapter.Config["modules_to_save"] = new JsonArray("model.embed_tokens");
            },
            ["one matrix for both"]),
        ["another output matrix is saved"] = (adapter => adapter.Add(Prefix + "language_model.lm_head.weight", 2112, 256), ["lm_head.weight differs from"]),
        ["one name is there in two forms"] = (adapter => adapter.Add(Query + ".lora_A.default.weight", 8, 256), ["is there twice"]),
        ["one module is there in two generations"] = (adapter => Pair(adapter, "model.language_model.layers.0.self_attn.q_proj", 256, 256), ["is there twice, under names of both generations"]),
        ["a foreign tensor is there"] = (adapter => adapter.Add("model.layers.0.weight", 2), ["unknown model.layers.0.weight"]),
        ["nothing is there"] = (adapter => adapter.Tensors.Clear(), ["it has no tensors"]),
        ["a number is not finite"] = (adapter => adapter.Tensors[Query + ".lora_B.weight"].Values[5] = float.NaN, ["q_proj.lora_B.weight holds a number that is not finite"]),
        ["several things are wrong"] = (
            adapter =>
            {
                adapter.Tensors.Remove(Query + ".lora_B.weight");
                adapter.Add("model.layers.0.weight", 2);
                Pair(adapter, "language_model.lm_head", 2112, 256);
            },
            ["has no lora_B", "unknown model.layers.0.weight", "language_model.lm_head is adapted"]),
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_adapter_is_refused_when(string fault)
    {
        using PeftFolder adapter = PeftFolder.ForText(CheckpointFolder.Gemma2);
        Faults[fault].Spoil(adapter);
        adapter.Save();
        await Refused(Faults[fault].Told, new AdapterSource(adapter.Path));
    }

    [Fact]
    public async Task More_than_ten_problems_are_counted()
    {
        using PeftFolder adapter = PeftFolder.ForText(CheckpointFolder.Gemma2);
        adapter.Rename(name => name.Replace("layers.", "blocks.", StringComparison.Ordinal)).Save();
        await Refused(["and 11 more"], new AdapterSource(adapter.Path));
    }

    [Fact]
    public async Task Integers_are_no_factors()
    {
        using PeftFolder adapter = PeftFolder.ForText(CheckpointFolder.Gemma2);
        string path = Path.Combine(adapter.Path, "adapter_model.safetensors");
        File.WriteAllBytes(path, RawSafetensors.Join("""{"base_model.model.q.lora_A.weight":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}""", new byte[4]));
        await Refused(["is I32, expected F32, F16 or BF16"], new AdapterSource(adapter.Path));
    }

    [Fact]
    public async Task A_file_of_countless_tensors_is_refused_at_once()
    {
        using PeftFolder adapter = new(CheckpointFolder.Gemma2);
        for (int i = 0; i <= 1 << 14; i++) adapter.Tensors.Add($"{Prefix}language_model.model.layers.{i}.self_attn.q_proj.lora_A.weight", ([1, 1], [0]));
        adapter.Save();
        await Refused(["16385 tensors"], new AdapterSource(adapter.Path));
    }

    [Fact]
    public async Task Pickled_weights_are_to_be_saved_again()
    {
        using PeftFolder adapter = PeftFolder.ForText(CheckpointFolder.Gemma2);
        File.Move(Path.Combine(adapter.Path, "adapter_model.safetensors"), Path.Combine(adapter.Path, "adapter_model.bin"));
        await Refused(["adapter_model.bin", "safe_serialization=True"], new AdapterSource(adapter.Path));
    }

    [Theory]
    [InlineData("adapter_model.safetensors", "the file is missing")]
    [InlineData("adapter_config.json", "the file is missing")]
    public async Task Both_files_must_be_there(string file, string told)
    {
        using PeftFolder adapter = PeftFolder.ForText(CheckpointFolder.Gemma2);
        File.Delete(Path.Combine(adapter.Path, file));
        await Refused([file, told], new AdapterSource(adapter.Path));
    }

    [Fact]
    public async Task A_folder_must_be_there() => await Refused(["no-such-adapter: no such folder"], new AdapterSource("no-such-adapter"));

    [Fact]
    public async Task Two_adapters_can_not_save_one_module()
    {
        using PeftFolder first = new PeftFolder(CheckpointFolder.Gemma2).Add(Prefix + "multi_modal_projector.linear.bias", 256).Save();
        using PeftFolder second = new PeftFolder(CheckpointFolder.Gemma2).Add(Prefix + "multi_modal_projector.linear.bias", 256).Save();
        await Refused(["linear.bias is also in " + first.Path], new AdapterSource(first.Path), new AdapterSource(second.Path));
    }

    [Fact]
    public async Task A_saved_module_has_no_weight()
    {
        using PeftFolder adapter = new PeftFolder(CheckpointFolder.Gemma2).Add(Prefix + "multi_modal_projector.linear.bias", 256).Save();
        await Refused(["its weight can only be 1, not 0.5"], new AdapterSource(adapter.Path, 0.5f));
    }

    private static void Pair(PeftFolder adapter, string module, long outputs, long inputs, int rank = 8) =>
        adapter.Add($"{Prefix}{module}.lora_A.weight", rank, inputs).Add($"{Prefix}{module}.lora_B.weight", outputs, rank);

    private static async Task Refused(string[] told, params AdapterSource[] adapters)
    {
        using TemporaryFolder folder = new();
        ConversionOptions options = new() { Source = CheckpointFolder.Gemma2, OutputFolder = folder.File("out"), Adapters = adapters };
        PaliException error = await Assert.ThrowsAsync<ModelFormatException>(() => CheckpointConverter.ConvertAsync(options));
        OneLineError.Check(error, told);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}
