using LLama;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using PaliGguf.AI;
using PaliGguf.Tests;

namespace PaliGguf.LLamaSharp.Tests;

public sealed class DependencyInjectionTests
{
    [Fact]
    public async Task A_service_collections_model_is_run_by_LLamaSharp_over_weights_of_the_program()
    {
        using LLamaWeights weights = Nano.LoadWeights();
        ServiceCollection services = new();
        services.AddSingleton(weights);
        services.AddPaliGguf(options => (options.Model, options.Threads) = (Nano.TextPath, 1))
            .UseLLamaSharp(provider => provider.GetRequiredService<LLamaWeights>());
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            IChatClient client = provider.GetRequiredService<IChatClient>();
            Assert.Equal(Nano.TurtleCaption, (await client.GetResponseAsync(Nano.Ask("caption en", Nano.Turtle))).Text);
            PaliModel model = await provider.GetRequiredService<PaliModelProvider>().GetAsync();
            Assert.Equal(0, model.Memory.Ram.Of(Memory.MemoryPart.DecoderWeights));
        }
    }

    [Fact]
    public async Task Without_weights_LLamaSharp_loads_them_and_others_models_stay_as_they_are()
    {
        ServiceCollection services = new();
        services.AddPaliGguf("theirs", options => (options.Model, options.Threads) = (Repository.PaliNano, 1)).UseLLamaSharp("theirs");
        services.AddPaliGguf("own", options => (options.Model, options.Threads) = (Repository.PaliNano, 1));
        await using ServiceProvider provider = services.BuildServiceProvider();
        foreach (string name in new[] { "theirs", "own" })
        {
            IChatClient client = provider.GetRequiredKeyedService<IChatClient>(name);
            Assert.Equal(Nano.TurtleCaption, (await client.GetResponseAsync(Nano.Ask("caption en", Nano.Turtle))).Text);
        }

        Assert.NotNull(provider.GetKeyedService<PaliModelLoader>("theirs"));
        Assert.Null(provider.GetKeyedService<PaliModelLoader>("own"));
        Assert.Throws<ArgumentException>(() => services.UseLLamaSharp(""));
    }
}
