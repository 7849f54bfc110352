using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PaliGguf.Tests;

namespace PaliGguf.AI.Tests.DependencyInjection;

public sealed class AddPaliGgufTests
{
    [Fact]
    public async Task A_host_answers_with_the_model_that_code_names()
    {
        using IHost host = Build(services => services.AddPaliGguf(options => (options.Model, options.Threads) = (Repository.PaliNano, 1)));
        await host.StartAsync();
        PaliModelProvider provider = host.Services.GetRequiredService<PaliModelProvider>();
        Assert.Null(provider.Loaded);
        IChatClient client = host.Services.GetRequiredService<IChatClient>();
        Assert.Null(client.GetService<PaliModel>());
        Assert.Null(client.GetService<ChatClientMetadata>()!.DefaultModelId);
        Assert.Equal("a turtle on an orange background", (await client.GetResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle))).Text);
        Assert.Same(provider.Loaded, client.GetService<PaliModel>());
        await host.StopAsync();
        host.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await provider.GetAsync());
    }

    [Fact]
    public async Task A_section_of_the_configuration_sets_everything()
    {
        using IHost host = Build(
            (services, configuration) => services.AddPaliGguf(configuration.GetSection("PaliGguf")),
            ("Model", Repository.PaliNano), ("ModelId", "sight"), ("Sequences", "2"), ("Threads", "1"), ("GpuLayers", "0"), ("Context", "1024"), ("ImagesPerPrompt", "3"),
            ("TextTokens", "100"), ("Ram", "4GiB"), ("Vram", "0.5 GB"), ("Tower", "cpu"), ("KvType", "q8_0"), ("NoMmap", "true"), ("NoRepack", "true"), ("Products", "library"), ("SoftTokenCache", "2MiB"),
            ("Adapters:0:Path", "a.gguf"), ("Adapters:0:Scale", "0.5"), ("Adapters:1:Path", "b.gguf"), ("Adapters:1:Name", "other"),
            ("MaxImagePixels", "5000"), ("MaxImageSize", "1MiB"), ("LoadOnStart", "false"), ("Vision", "v.gguf"));
        PaliGgufOptions options = host.Services.GetRequiredService<IOptions<PaliGgufOptions>>().Value;
        Assert.Equal((Repository.PaliNano, "v.gguf", "sight"), (options.Model, options.Vision, options.ModelId));
        Assert.Equal((2, 1, 0, 1024, 3, 100), (options.Sequences, options.Threads, options.GpuLayers, options.Context, options.ImagesPerPrompt, options.TextTokens));
        Assert.Equal(("4GiB", "0.5 GB", VisionPlacement.Cpu, GgmlType.Q8_0), (options.Ram, options.Vram, options.Tower, options.KvType));
        Assert.Equal((true, true, "2MiB", 5000, "1MiB", false), (options.NoMmap, options.NoRepack, options.SoftTokenCache, options.MaxImagePixels, options.MaxImageSize, options.LoadOnStart));
        Assert.Equal(MatrixProducts.Library, options.Products);
        Assert.Equal([("a.gguf", null, 0.5f), ("b.gguf", "other", 1f)], options.Adapters.Select(adapter => (adapter.Path, adapter.Name, adapter.Scale)));
    }

    [Fact]
    public async Task Settings_reach_the_model()
    {
        using IHost host = Build(
            (services, configuration) => services.AddPaliGguf(configuration.GetSection("PaliGguf")),
            ("Model", Repository.PaliNano), ("ModelId", "sight"), ("Threads", "1"), ("Context", "768"), ("Ram", "2GiB"), ("KvType", "f32"), ("MaxImagePixels", "5000"), ("LoadOnStart", "true"));
        await host.StartAsync();
        IChatClient client = host.Services.GetRequiredService<IChatClient>();
        PaliModel model = client.GetService<PaliModel>()!;
        Assert.Equal((768, 1), (model.Info.ContextLength, model.Info.Threads));
        Assert.Equal("sight", client.GetService<ChatClientMetadata>()!.DefaultModelId);
        Exception thrown = await Assert.ThrowsAnyAsync<PaliException>(() => client.GetResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle)));
        Assert.Contains("more than the limit of 0.005 million", thrown.Message);
    }

    [Fact]
    public async Task Several_models_have_keys()
    {
        using IHost host = Build(services => services
            .AddPaliGguf("one", options => (options.Model, options.Threads, options.Context) = (Repository.PaliNano, 1, 512))
            .AddPaliGguf("two", options => (options.Model, options.Threads, options.Context) = (Repository.PaliNano, 1, 768)));
        await host.StartAsync();
        Assert.Null(host.Services.GetService<IChatClient>());
        foreach ((string name, int context) in new[] { ("one", 512), ("two", 768) })
        {
            IChatClient client = host.Services.GetRequiredKeyedService<IChatClient>(name);
            Assert.Equal("orange", (await client.GetResponseAsync(NanoModel.Ask("answer en what color is the background?", NanoModel.Turtle))).Text);
            Assert.Equal(context, client.GetService<PaliModel>()!.Info.ContextLength);
            Assert.Same(client.GetService<PaliModel>(), host.Services.GetRequiredKeyedService<PaliModelProvider>(name).Loaded);
        }
    }

    [Fact]
    public async Task A_second_call_changes_the_settings_of_the_same_model()
    {
        using IHost host = Build(services => services
            .AddPaliGguf(options => (options.Model, options.Threads, options.Context) = ("nowhere", 1, 768))
            .AddPaliGguf(options => options.Model = Repository.PaliNano));
        Assert.Equal(768, (await Assert.Single(host.Services.GetServices<PaliModelProvider>()).GetAsync()).Info.ContextLength);
        Assert.Single(host.Services.GetServices<IChatClient>());
    }

    [Fact]
    public async Task A_model_that_does_not_load_on_start_stops_the_host()
    {
        using IHost host = Build(services => services.AddPaliGguf(options => (options.Model, options.LoadOnStart) = ("nowhere.gguf", true)));
        Assert.Contains("nowhere.gguf", (await Assert.ThrowsAsync<FileNotFoundException>(() => host.StartAsync())).Message);
    }

    [Fact]
    public async Task A_model_that_comes_later_is_found_by_the_next_request()
    {
        using TemporaryFolder folder = new();
        using IHost host = Build(services => services.AddPaliGguf(options => (options.Model, options.Threads) = (folder.Path, 1)));
        await host.StartAsync();
        IChatClient client = host.Services.GetRequiredService<IChatClient>();
        await Assert.ThrowsAnyAsync<Exception>(() => client.GetResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle)));
        foreach (string file in Directory.GetFiles(Repository.PaliNano, "*.gguf")) File.Copy(file, folder.File(Path.GetFileName(file)));
        Assert.Equal("a turtle on an orange background", (await client.GetResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle))).Text);
    }

    [Theory]
    [InlineData("Model is not set: name the text GGUF", "Model", "")]
    [InlineData("Ram is 'lots': give a size like 8GiB", "Ram", "lots")]
    [InlineData("Vram is '-1GiB': give a size", "Vram", "-1GiB")]
    [InlineData("MaxImageSize is 'big': give a size like 20MiB", "MaxImageSize", "big")]
    [InlineData("MaxImagePixels is 0: it is 1 or more", "MaxImagePixels", "0")]
    [InlineData("0 sequences are out of range: it is 1 to 256", "Sequences", "0")]
    [InlineData("1000 threads are out of range: it is 1 to 512", "Threads", "1000")]
    [InlineData("-2 GPU layers are out of range", "GpuLayers", "-2")]
    [InlineData("A context of 3 tokens is out of range", "Context", "3")]
    [InlineData("0 pictures per prompt are out of range", "ImagesPerPrompt", "0")]
    [InlineData("1 tokens of text are out of range", "TextTokens", "1")]
    [InlineData("A KV cache of Q4_0 is not supported: it is F16, F32 or Q8_0", "KvType", "q4_0")]
    [InlineData("Tower is '7': it is gpu, cpu or staged", "Tower", "7")]
    [InlineData("SoftTokenCache is 'some': give a size like 64MiB, or 0 for none", "SoftTokenCache", "some")]
    [InlineData("ModelId is empty: leave it out", "ModelId", " ")]
    [InlineData("Vision is empty: name the vision GGUF", "Vision", " ")]
    [InlineData("An entry of Adapters has no Path", "Adapters:0:Name", "style")]
    public async Task A_setting_that_makes_no_sense_stops_the_host(string expected, string key, string value)
    {
        using IHost host = Build((services, configuration) => services.AddPaliGguf("eye", configuration.GetSection("PaliGguf")), ("Model", Repository.PaliNano), (key, value));
        OptionsValidationException thrown = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains(expected, Assert.Single(thrown.Failures));
        Assert.StartsWith("PaliGguf 'eye': ", thrown.Message);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        using IHost host = Build(services => services.AddPaliGguf(options => (options.Ram, options.Threads) = ("lots", 0)));
        OptionsValidationException thrown = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Equal(3, thrown.Failures.Count());
        Assert.All(thrown.Failures, failure => Assert.StartsWith("PaliGguf: ", failure));
    }

    [Fact]
    public async Task A_value_of_another_kind_names_its_key()
    {
        using IHost host = Build((services, configuration) => services.AddPaliGguf(configuration.GetSection("PaliGguf")), ("Model", Repository.PaliNano), ("Threads", "many"));
        InvalidOperationException thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());
        Assert.Contains("PaliGguf:Threads", thrown.Message);
        Assert.Contains("many", thrown.Message);
    }

    [Fact]
    public void A_name_is_not_empty() => Assert.Throws<ArgumentException>(() => new ServiceCollection().AddPaliGguf("", options => options.Model = "model"));

    private static IHost Build(Action<IServiceCollection> add) => Build((services, _) => add(services));

    private static IHost Build(Action<IServiceCollection, IConfiguration> add, params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Reverse().DistinctBy(setting => setting.Key).Select(setting => KeyValuePair.Create("PaliGguf:" + setting.Key, (string?)setting.Value)));
        add(builder.Services, builder.Configuration);
        return builder.Build();
    }
}
