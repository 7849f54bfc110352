using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class ConvertCommandTests
{
    private static readonly string Checkpoint = Path.Combine(Repository.Golden("tiny-g2"), "model");

    [Fact]
    public async Task What_convert_writes_inspect_reads_and_generate_runs()
    {
        using TemporaryFolder folder = new();
        JsonElement files = (await BuiltProgram.RunAsync("convert", Checkpoint, "--out", folder.Path, "--type", "f32", "--name", "tiny", "--json")).Succeeded().Json();
        Assert.Equal(folder.File("tiny-F32.gguf"), files.GetProperty("textPath").GetString());
        Assert.Equal(folder.File("mmproj-tiny-F32.gguf"), files.GetProperty("visionPath").GetString());

        JsonElement text = (await BuiltProgram.RunAsync("inspect", folder.File("tiny-F32.gguf"), "--json")).Succeeded().Json();
        Assert.Equal("gemma2", Value(text, "general.architecture").GetString());
        Assert.Equal(Value(text, "gemma2.context_length").GetInt32(), Value(text, "gemma2.attention.sliding_window").GetInt32());
        Assert.Equal("F32", Assert.Single(text.GetProperty("types").EnumerateArray()).GetProperty("name").GetString());
        JsonElement embedding = text.GetProperty("tensors").EnumerateArray().First();
        Assert.Equal("token_embd.weight", embedding.GetProperty("name").GetString());
        Assert.Equal(256, embedding.GetProperty("shape")[0].GetInt64());

        using JsonDocument golden = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Repository.Golden("tiny-g2"), "golden.json")));
        JsonElement first = golden.RootElement.GetProperty("cases")[0];
        int[] suffix = first.GetProperty("suffix_ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
        JsonElement answer = (await BuiltProgram.RunAsync(
            "generate", "--model", folder.Path, "--image", Path.Combine(Repository.Golden("tiny-g2"), first.GetProperty("image").GetString()!),
            "--prompt", first.GetProperty("prefix").GetString()!, "--ignore-eos", "--max-tokens", $"{suffix.Length}", "--json")).Succeeded().Json();
        Assert.Equal(suffix, answer.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32()));
    }

    [Fact]
    public async Task The_default_type_is_q8_0_and_the_window_can_be_kept()
    {
        using TemporaryFolder folder = new();
        ProgramResult result = (await BuiltProgram.RunAsync("convert", Checkpoint, "--out", folder.Path, "--sliding-window", "keep")).Succeeded();
        Assert.Equal(2, result.Output.TrimEnd('\n').Split('\n').Length);
        JsonElement text = (await BuiltProgram.RunAsync("inspect", folder.File("model-Q8_0.gguf"), "--json")).Succeeded().Json();
        using JsonDocument config = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Checkpoint, "config.json")));
        Assert.Equal(config.RootElement.GetProperty("text_config").GetProperty("sliding_window").GetInt32(), Value(text, "gemma2.attention.sliding_window").GetInt32());
    }

    [Fact]
    public async Task Masks_of_8_bits_are_sound_and_need_no_native_library()
    {
        using TemporaryFolder folder = new(), natives = new();
        (await BuiltProgram.RunAsync(
            "convert", Checkpoint, "--out", folder.Path, "--name", "tiny", "--mask-type", "q8_0",
            "--mask-decoder", Path.Combine(Repository.PaliNano, "checkpoint", "vae-oid.npz"))).Succeeded();
        ProgramRun verify = new("inspect", folder.File("mmproj-tiny-Q8_0.gguf"), "--verify", "--json");
        JsonElement vision = (await BuiltProgram.RunAsync(verify)).Succeeded().Json();
        Assert.True(vision.GetProperty("verification").GetProperty("sound").GetBoolean());
        JsonElement kernel =
            vision.GetProperty("tensors").EnumerateArray().Single(tensor => tensor.GetProperty("name").GetString() == "mask.2.0.weight");
        Assert.Equal("Q8_0", kernel.GetProperty("type").GetString());
        Assert.Equal([9 * 128, 128], kernel.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()));

        // Libraries that do not load: who asks for them fails.
        foreach (string name in new[] { "libllama.so", "libggml.so", "libggml-base.so" }) natives.Write(name, "no library"u8);
        Dictionary<string, string> broken = new(StringComparer.Ordinal) { ["PALIGGUF_NATIVE_DIR"] = natives.Path };
        (await BuiltProgram.RunAsync(verify with { Environment = broken })).OneLineError();
        string runs = folder.Write("mask.json", """{"size": [4, 4], "counts": [5, 2, 2, 2, 5]}"""u8);
        ProgramRun tokens = new("tokens", runs, "--model", folder.Path, "--json") { Environment = broken };
        Assert.InRange((await BuiltProgram.RunAsync(tokens)).Succeeded().Json().GetProperty("kept").GetDouble(), 0.9, 1);
    }

    [Fact]
    public async Task An_npz_file_needs_a_tokenizer()
    {
        using TemporaryFolder folder = new();
        string source = folder.Write("pt_224.npz", []);
        string without = (await BuiltProgram.RunAsync("convert", source, "--out", folder.File("out"))).OneLineError();
        Assert.Contains("--tokenizer", without, StringComparison.Ordinal);
        string with = (await BuiltProgram.RunAsync("convert", source, "--out", folder.File("out"), "--tokenizer", Path.Combine(Checkpoint, "tokenizer.model"))).OneLineError();
        Assert.Contains("not a sound .npz archive", with, StringComparison.Ordinal);
    }

    private static JsonElement Value(JsonElement file, string key) =>
        file.GetProperty("metadata").EnumerateArray().Single(entry => entry.GetProperty("key").GetString() == key).GetProperty("value");
}
