using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Settings;

/// <summary>appsettings.json, then PALIGGUF_* variables, then options; which one won shows in the error about a model that is not there.</summary>
public sealed class SettingsPrecedenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_settings_file_in_the_working_folder_is_read()
    {
        WriteSettings("""{ "PaliGguf": { "Model": "of-the-file.gguf" } }""");
        Assert.StartsWith("paligguf: of-the-file.gguf: ", await ErrorAsync());
    }

    [Fact]
    public async Task A_settings_file_beside_the_program_is_read_and_the_working_folders_wins_over_it()
    {
        using TemporaryFolder program = new();
        foreach (string file in Directory.EnumerateFiles(BuiltProgram.Folder)) File.Copy(file, program.File(Path.GetFileName(file)));
        await File.WriteAllTextAsync(program.File("appsettings.json"), """{ "PaliGguf": { "Model": "of-the-program.gguf", "Threads": 3 } }""");
        WriteSettings("""{ "PaliGguf": { "Threads": 5 } }""");
        ProgramRun doctor = new("doctor", "--json")
        {
            ProgramFolder = program.Path,
            WorkingFolder = _folder.Path,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PALIGGUF_THREADS"] = "" },
        };
        JsonElement json = (await BuiltProgram.RunAsync(doctor)).Json();
        Assert.Equal("of-the-program.gguf", json.GetProperty("model").GetProperty("path").GetString());
        Assert.Equal(5, json.GetProperty("threads").GetInt32());
    }

    [Fact]
    public async Task A_variable_wins_over_the_file()
    {
        WriteSettings("""{ "PaliGguf": { "Model": "of-the-file.gguf" } }""");
        Assert.StartsWith("paligguf: of-the-variable.gguf: ", await ErrorAsync(variable: "of-the-variable.gguf"));
    }

    [Fact]
    public async Task An_option_wins_over_the_variable() =>
        Assert.StartsWith("paligguf: of-the-option.gguf: ", await ErrorAsync(variable: "of-the-variable.gguf", "--model", "of-the-option.gguf"));

    [Fact]
    public async Task An_empty_variable_is_not_set()
    {
        WriteSettings("""{ "PaliGguf": { "Model": "of-the-file.gguf" } }""");
        Assert.StartsWith("paligguf: of-the-file.gguf: ", await ErrorAsync(variable: ""));
    }

    [Fact]
    public async Task A_settings_file_that_is_no_json_is_named()
    {
        WriteSettings("{ Model = 1 }");
        string error = await ErrorAsync();
        Assert.Contains("appsettings.json", error);
        Assert.Contains("LineNumber: 0", error);
    }

    [Fact]
    public async Task A_setting_that_there_is_not_is_told_of_and_left_out()
    {
        WriteSettings("""{ "PaliGguf": { "Thread": 4, "Logging": { "LogLevel": { "Default": "Error" } } } }""");
        ProgramResult result = (await BuiltProgram.RunAsync(new ProgramRun("caption", BuiltProgram.Sample) { WorkingFolder = _folder.Path })).Succeeded();
        Assert.Equal("a turtle on an orange background\n", result.Output);
        Assert.EndsWith("appsettings.json: there is no setting 'Thread' (did you mean 'Threads'?); it is left out.\n", result.Error);
    }

    private void WriteSettings(string json) => File.WriteAllText(_folder.File("appsettings.json"), json);

    private async Task<string> ErrorAsync(string? variable = null, params string[] options)
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal);
        if (variable is not null) environment["PALIGGUF_MODEL"] = variable;
        ProgramRun run = new(["caption", BuiltProgram.Sample, .. options]) { WorkingFolder = _folder.Path, Environment = environment };
        return (await BuiltProgram.RunAsync(run)).OneLineError();
    }
}
