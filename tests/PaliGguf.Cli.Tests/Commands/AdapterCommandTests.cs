using System.Text;
using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

/// <summary>From a PEFT folder to an answer: merged at conversion, or as a file of its own that is named when the question is asked.</summary>
public sealed class AdapterCommandTests : IDisposable
{
    private static readonly string Checkpoint = Path.Combine(Repository.PaliNano, "checkpoint");
    private readonly TemporaryFolder _folder = new();
    private readonly PeftFolder _peft = PeftFolder.ForText(Checkpoint);

    private string Model => _folder.File("plain-F32.gguf");

    private string Adapter => _folder.File("random.gguf");

    public void Dispose()
    {
        _peft.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_loaded_adapter_answers_as_a_merged_one_wherever_it_is_named()
    {
        await MakeAsync();
        (await BuiltProgram.RunAsync("convert", Checkpoint, "--out", _folder.Path, "--type", "f32", "--name", "merged", "--adapter", $"{_peft.Path}:3")).Succeeded();
        string expected = await AnswerAsync(new ProgramRun(Describe(_folder.File("merged-F32.gguf"))));
        string plain = await AnswerAsync(new ProgramRun(Describe(Model)));
        Assert.NotEqual(plain, expected);

        Assert.Equal(expected, await AnswerAsync(new ProgramRun([.. Describe(Model), "--lora", $"{Adapter}:3"])));
        Assert.Equal(expected, await AnswerAsync(new ProgramRun(Describe(Model)) { Environment = Variable($"{Adapter}:3") }));
        Assert.Equal(plain, await AnswerAsync(new ProgramRun([.. Describe(Model), "--lora", $"{Adapter}:0"]) { Environment = Variable($"{Adapter}:3") }));
        await File.WriteAllTextAsync(_folder.File("appsettings.json"), JsonSerializer.Serialize(new { PaliGguf = new { Lora = new[] { $"{Adapter}:3" } } }));
        Assert.Equal(expected, await AnswerAsync(new ProgramRun(Describe(Model)) { WorkingFolder = _folder.Path }));
    }

    [Fact]
    public async Task A_conversation_changes_its_adapters()
    {
        await MakeAsync();
        string prompts = "describe en\n/lora\ndescribe en\n/lora random:3\ndescribe en\n/lora other\ndescribe en\n";
        ProgramRun chat = new("chat", BuiltProgram.Sample, "--model", Model, "--max-tokens", "12", "--lora", $"{Adapter}:3") { Input = Encoding.UTF8.GetBytes(prompts) };
        ProgramResult result = await BuiltProgram.RunAsync(chat);
        string[] lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.NotEqual(lines[0], lines[1]);
        Assert.Equal([lines[0], lines[0]], lines[2..]);
        Assert.Equal("paligguf: there is no adapter 'other'; loaded: random.\n", result.Error);
    }

    [Fact]
    public async Task Doctor_shows_adapters_and_what_is_wrong_with_them()
    {
        await MakeAsync();
        JsonElement json = (await BuiltProgram.RunAsync("doctor", "--model", Model, "--lora", $"{Adapter}:0.25", "--json")).Succeeded().Json();
        JsonElement adapter = Assert.Single(json.GetProperty("model").GetProperty("adapters").EnumerateArray());
        Assert.Equal(("random", 0.25, 8), (adapter.GetProperty("name").GetString(), adapter.GetProperty("scale").GetDouble(), adapter.GetProperty("largestRank").GetInt32()));
        ProgramResult wrong = await BuiltProgram.RunAsync("doctor", "--lora", Model);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("general.type is 'model'", wrong.Output);
    }

    [Fact]
    public async Task What_can_not_be_loaded_at_run_time_names_the_way_out()
    {
        using PeftFolder vision = new PeftFolder(Checkpoint).Adapt("vision_tower.vision_model.encoder.layers.0.self_attn.q_proj", 8).Save();
        string error = (await BuiltProgram.RunAsync("adapter", vision.Path, "--out", Adapter)).OneLineError();
        Assert.Contains("'convert --adapter'", error);
        Assert.Contains("vision_tower.vision_model.encoder.layers.0.self_attn.q_proj", error);
        Assert.False(File.Exists(Adapter));
    }

    [Fact]
    public async Task An_adapter_that_is_not_there_is_named() =>
        Assert.Contains("no-such.gguf", (await BuiltProgram.RunAsync("caption", BuiltProgram.Sample, "--lora", "no-such.gguf")).OneLineError());

    private static string[] Describe(string model) => ["describe", BuiltProgram.Sample, "--model", model, "--max-tokens", "12", "--json"];

    private static Dictionary<string, string> Variable(string value) => new(StringComparer.Ordinal) { ["PALIGGUF_LORA"] = value };

    private static async Task<string> AnswerAsync(ProgramRun run) => (await BuiltProgram.RunAsync(run)).Succeeded().Json().GetProperty("text").GetString()!;

    [Fact]
    public async Task A_text_file_alone_is_model_enough_to_convert_for()
    {
        (await BuiltProgram.RunAsync("convert", Checkpoint, "--out", _folder.Path, "--type", "f16", "--name", "plain")).Succeeded();
        foreach (string vision in Directory.GetFiles(_folder.Path, "mmproj*")) File.Delete(vision);
        string printed = (await BuiltProgram.RunAsync("adapter", _peft.Path + Path.DirectorySeparatorChar, "--model", _folder.File("plain-F16.gguf"), "--out", Adapter)).Succeeded().Output;
        Assert.StartsWith(Adapter, printed);
        Assert.Contains("35 modules", printed);
    }

    private async Task MakeAsync()
    {
        (await BuiltProgram.RunAsync("convert", Checkpoint, "--out", _folder.Path, "--type", "f32", "--name", "plain")).Succeeded();
        JsonElement file = (await BuiltProgram.RunAsync("adapter", _peft.Path, "--model", Model, "--out", Adapter, "--type", "f32", "--json")).Succeeded().Json();
        Assert.Equal(Adapter, file.GetProperty("path").GetString());
        Assert.Equal(new FileInfo(Adapter).Length, file.GetProperty("bytes").GetInt64());
        Assert.Equal(_peft.Tensors.Count / 2, file.GetProperty("modules").GetInt32());
    }
}
