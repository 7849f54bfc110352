using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Products;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class DoctorCommandTests
{
    [Fact]
    public async Task It_tells_versions_devices_and_the_chosen_cpu_variant()
    {
        JsonElement json = (await BuiltProgram.RunAsync("doctor", "--json")).Succeeded().Json();
        Assert.True(json.GetProperty("ok").GetBoolean());
        JsonElement llama = json.GetProperty("llama");
        Assert.StartsWith(
            llama.GetProperty("set").GetString() == "node" ? "0." : "b10221", llama.GetProperty("version").GetString());
        Assert.Matches("^[0-9a-f]{7,}$", llama.GetProperty("ggmlCommit").GetString());
        Assert.False(string.IsNullOrEmpty(llama.GetProperty("cpuVariant").GetString()));
        Assert.Equal(MatrixProduct.IsSupported, json.GetProperty("ownProducts").GetBoolean());
        Assert.Equal(ProductProcessor.Name(ProductProcessor.Chosen), json.GetProperty("products").GetProperty("processor").GetString());
        Assert.StartsWith("8.", json.GetProperty("vips").GetProperty("version").GetString());
        Assert.Contains(json.GetProperty("devices").EnumerateArray(), device => device.GetProperty("name").GetString() == "CPU" && device.GetProperty("totalBytes").GetInt64() > 0);
        Assert.True(json.GetProperty("model").GetProperty("embedded").GetBoolean());
        Assert.Empty(json.GetProperty("problems").EnumerateArray());
    }

    [Theory]
    [InlineData("library", "library", true)]
    [InlineData("sparc", "library", false)]
    public async Task It_tells_who_multiplies_when_the_environment_asks_for_somebody(string name, string processor, bool ok)
    {
        ProgramRun run =
            new("doctor",
                "--json") { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { [ProductProcessor.Variable] = name } };
        JsonElement json = (await BuiltProgram.RunAsync(run)).Json();
        Assert.Equal(ok, json.GetProperty("ok").GetBoolean());
        Assert.Equal(processor, json.GetProperty("products").GetProperty("processor").GetString());
        Assert.Equal([.. ProductProcessor.Available.Select(ProductProcessor.Name)],
            json.GetProperty("products").GetProperty("available").EnumerateArray().Select(one => one.GetString()!));
        Assert.Equal(!ok, json.GetProperty("problems").EnumerateArray()
            .Any(problem =>
                problem.GetProperty("problem").GetString()!.StartsWith($"{ProductProcessor.Variable}={name}: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_native_folder_without_libraries_is_searched_first_and_passed_over()
    {
        using TemporaryFolder empty = new();
        ProgramRun run = new("doctor", "--json") { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PALIGGUF_NATIVE_DIR"] = empty.Path } };
        JsonElement json = (await BuiltProgram.RunAsync(run)).Succeeded().Json();
        JsonElement first = json.GetProperty("folders").EnumerateArray().First();
        Assert.Equal(empty.Path, first.GetProperty("path").GetString());
        Assert.Empty(first.GetProperty("libraries").EnumerateArray());
    }

    [Fact]
    public async Task A_damaged_library_is_named()
    {
        using TemporaryFolder folder = new();
        foreach (string name in new[] { "libllama.so", "libggml.so", "libggml-base.so", "libvips-cpp.so.8.18.7" }) folder.Write(name, "no library"u8);
        ProgramRun run = new("doctor") { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PALIGGUF_NATIVE_DIR"] = folder.Path } };
        ProgramResult result = await BuiltProgram.RunAsync(run);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("", result.Error);
        Assert.Contains($"problem    {folder.File("libggml-base.so")} is there, but it does not load: ", result.Output);
        Assert.Contains($"problem    {folder.File("libvips-cpp.so.8.18.7")} is there, but it does not load: ", result.Output);
        Assert.Contains("llama.cpp  does not load", result.Output);
        Assert.Contains("libvips    does not load", result.Output);
    }

    [Fact]
    public async Task An_accelerator_that_does_not_load_is_told_and_does_no_harm()
    {
        using TemporaryFolder folder = new();
        string natives = Assert.Single(Directory.GetDirectories(Path.Combine(BuiltProgram.Folder, "runtimes"), "native", SearchOption.AllDirectories));
        foreach (string file in Directory.EnumerateFiles(natives, "*", SearchOption.AllDirectories))
        {
            string copy = folder.File(Path.GetRelativePath(natives, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(copy)!, "libggml-cuda.so"), "no library");
        }

        ProgramRun run = new("doctor") { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PALIGGUF_NATIVE_DIR"] = folder.Path } };
        string output = (await BuiltProgram.RunAsync(run)).Succeeded().Output;
        Assert.Contains("problem    libggml-cuda.so is there but does not load", output);
        Assert.Contains("CUDA 13", output);
    }

    [Fact]
    public async Task A_backend_in_the_working_directory_is_not_loaded()
    {
        using TemporaryFolder folder = new();
        string backend = Directory.EnumerateFiles(Path.Combine(BuiltProgram.Folder, "runtimes"), "*ggml-cpu*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Last();
        File.Copy(backend, folder.File((OperatingSystem.IsWindows() ? "ggml-blas" : "libggml-blas") + Path.GetExtension(backend)));

        string output = (await BuiltProgram.RunAsync(new ProgramRun("doctor") { WorkingFolder = folder.Path })).Succeeded().Output;
        Assert.Single(output.Split('\n'), line => line.StartsWith("device     CPU", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_model_is_named_with_a_fix()
    {
        ProgramResult result = await BuiltProgram.RunAsync("doctor", "--model", "nowhere.gguf");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("problem    nowhere.gguf: no such model file.", result.Output);
        Assert.Contains("fix        ", result.Output);
    }

    [Fact]
    public async Task Without_native_libraries_it_says_where_they_were_looked_for_and_what_to_do()
    {
        using TemporaryFolder folder = new();
        foreach (string file in Directory.EnumerateFiles(BuiltProgram.Folder)) File.Copy(file, folder.File(Path.GetFileName(file)));

        ProgramResult doctor = await BuiltProgram.RunAsync(new ProgramRun("doctor") { ProgramFolder = folder.Path });
        Assert.Equal(1, doctor.ExitCode);
        Assert.Equal("", doctor.Error);
        Assert.Contains("llama.cpp  missing", doctor.Output);
        Assert.Contains("libvips    missing", doctor.Output);
        Assert.Contains("model      missing", doctor.Output);
        Assert.Contains($"looked in  {Path.Combine(folder.Path, "runtimes")}", doctor.Output);
        Assert.Contains("fix        build the application again", doctor.Output);
        Assert.Contains("node-llama-cpp", doctor.Output);
        Assert.Contains("LLamaSharp.Backend.Cpu", doctor.Output);

        ProgramResult caption = await BuiltProgram.RunAsync(new ProgramRun("caption", BuiltProgram.Sample, "--model", Repository.PaliNano) { ProgramFolder = folder.Path });
        Assert.Contains("was not found. An application gets it from the package ", caption.OneLineError());
        ProgramResult embedded = await BuiltProgram.RunAsync(new ProgramRun("caption", BuiltProgram.Sample) { ProgramFolder = folder.Path });
        Assert.StartsWith("paligguf: ", embedded.OneLineError());
    }
}
