using System.Text.Json;
using PaliGguf.Tests;
using PaliGguf.Training.Network;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Results;
using PaliGguf.Training.Tests.Goldens;
using PaliGguf.Training.Tuning;
using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Tests.Results;

public sealed class PeftOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("transformers-4.52-and-later", false)]
    [InlineData("transformers-before-4.52", true)]
    public async Task Files_are_those_that_PEFT_expects(string generation, bool olderNames)
    {
        string expected = Path.Combine(Repository.Golden("training"), "peft", generation);
        using PairNetwork network = await TrainingGolden.Load("tiny-g2").OpenAsync();
        TuningPlan plan = new(TuningMethod.Lora) { Form = new LowRankForm(Rank: 4, Alpha: 8) };
        IReadOnlyList<TrainedTensor> trained = plan.Apply(network);
        AdapterStart.Set(network.Linears);
        PeftOutput.Write(_folder.Path, plan, trained, "tiny-g2", olderNames);

        SafetensorsArrays wanted = SafetensorsArrays.Load(Path.Combine(expected, "adapter_model.safetensors"));
        SafetensorsArrays found = SafetensorsArrays.Load(_folder.File("adapter_model.safetensors"));
        Assert.Equal(wanted.Names.Order(StringComparer.Ordinal), found.Names.Order(StringComparer.Ordinal));
        Assert.All(wanted.Names, name => Assert.Equal(wanted.Shape(name), found.Shape(name)));

        using JsonDocument wantedConfig = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(expected, "adapter_config.json")));
        using JsonDocument foundConfig = JsonDocument.Parse(File.ReadAllBytes(_folder.File("adapter_config.json")));
        Assert.True(JsonElement.DeepEquals(wantedConfig.RootElement, foundConfig.RootElement), foundConfig.RootElement.GetRawText());
    }

    [Fact]
    public async Task An_adapter_of_the_tower_names_its_modules_too()
    {
        using PairNetwork network = await TrainingGolden.Load("tiny-g1").OpenAsync();
        TuningPlan plan = new(TuningMethod.Lora) { Targets = AdapterTargets.AllLinear, AdaptsTower = true };
        PeftOutput.Write(_folder.Path, plan, plan.Apply(network), "tiny-g1", olderNames: false);
        IReadOnlyCollection<string> names = SafetensorsArrays.Load(_folder.File("adapter_model.safetensors")).Names;
        Assert.Contains("base_model.model.model.multi_modal_projector.linear.lora_A.weight", names);
        Assert.Contains("base_model.model.model.vision_tower.vision_model.encoder.layers.0.mlp.fc2.lora_B.weight", names);
    }
}
