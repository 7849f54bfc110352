using LLama;
using LLama.Native;
using Microsoft.Extensions.Logging;
using PaliGguf.Diagnostics;
using PaliGguf.Interop;
using PaliGguf.LLamaSharp.Binding;
using PaliGguf.Server.Tests;
using PaliGguf.Tests;

namespace PaliGguf.LLamaSharp.Tests;

/// <summary>One set of native libraries, LLamaSharp's, for both.</summary>
public sealed class NativesTests
{
    [Fact]
    public void Both_use_the_same_files()
    {
        SharedNatives.Load();
        string[] files = [.. LoadedModules.Files().Where(file => Path.GetFileName(file).StartsWith("libllama", StringComparison.Ordinal)
            || Path.GetFileName(file).StartsWith("libggml", StringComparison.Ordinal))];
        LlamaLibraryInfo llama = NativeDiagnostics.Collect().Llama!;
        Assert.Contains(llama.Path, files);
        Assert.All(files, file => Assert.Equal(llama.Folder, Path.GetDirectoryName(file)));
        Assert.True(NativeLibraryConfig.LLama.LibraryHasLoaded);
        Assert.Equal(NativeApi.ggml_backend_dev_count(), (nuint)NativeDiagnostics.Collect().Devices.Count);
    }

    [Fact]
    public void The_libraries_of_npm_are_refused_in_words()
    {
        NativeBuild build = new(NativeBuild.Node, "0.5.0", ParameterLayout.V05);
        LoadedLibraries node = new("/x", "/x/libllama.v0.5.0.so", build, "0.25.1", "0ad4a86", new HashSet<string>());
        NativeLibraryException refusal = Assert.Throws<NativeLibraryException>(() => SharedNatives.RequireLLamaSharps(node));
        Assert.Contains("/x/libllama.v0.5.0.so", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("-p:PaliGgufNatives=llamasharp", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_programs_own_log_goes_on()
    {
        // The host has set its callback before anything was loaded (HostLog), and does so once more.
        NativeLogConfig.llama_log_set(HostLog.Callback);
        CapturedLog ours = new();
        using (ILoggerFactory loggers = LoggerFactory.Create(builder => builder.AddProvider(ours).SetMinimumLevel(LogLevel.Trace)))
        using (PaliModel model = await LLamaSharpModel.LoadAsync(Nano.TextPath, Models.OneThread with { LoggerFactory = loggers }))
        {
            await Nano.CaptionAsync(model);
        }

        Assert.Contains(ours.Lines, line => line.Contains("llama_model_loader", StringComparison.Ordinal));
        int before = HostLog.Lines;
        using LLamaWeights weights = Nano.LoadWeights();
        Assert.True(HostLog.Lines > before);
    }
}
