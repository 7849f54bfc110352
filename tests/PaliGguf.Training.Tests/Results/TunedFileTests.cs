using PaliGguf.Conversion;
using PaliGguf.Tests;
using PaliGguf.Training.Network;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Results;
using PaliGguf.Training.Runtime;
using PaliGguf.Training.Tests.Goldens;
using PaliGguf.Training.Tuning;
using PaliGguf.Training.Weights;
using static TorchSharp.torch;

namespace PaliGguf.Training.Tests.Results;

public sealed class TunedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_merged_pair_answers_as_the_adapted_one()
    {
        TrainingGolden golden = TrainingGolden.Load("tiny-g1");
        ModelFiles files = await golden.FilesAsync();
        TuningPlan plan = new(TuningMethod.Lora)
        { Form = new LowRankForm(Rank: 4), Targets = AdapterTargets.AllLinear, AdaptsTower = true };
        using PairNetwork network = PairNetwork.Open(files, new NetworkOptions());
        IReadOnlyList<TrainedTensor> trained = plan.Apply(network);
        AdapterStart.Set(network.Linears);
        IReadOnlyList<string> written = await RunResults.WriteAsync(
            _folder.Path, files, network, plan, trained, new ResultOptions(), CancellationToken.None);

        using DisposeScope scope = NewDisposeScope();
        float[] adapted = network.Evaluate(golden.Batch(network, 0))[0];
        using PairNetwork merged = PairNetwork.Open(new ModelFiles(written[^2], written[^1]), new NetworkOptions());
        float[] found = merged.Evaluate(golden.Batch(merged, 0))[0];
        Assert.All(adapted.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 2e-3));
        using PairNetwork untouched = PairNetwork.Open(files, new NetworkOptions());
        Assert.NotEqual(adapted[0], untouched.Evaluate(golden.Batch(untouched, 0))[0][0], 1e-2);
    }

    [Fact]
    public async Task What_was_trained_as_a_whole_is_stored_in_its_own_type()
    {
        TrainingGolden golden = TrainingGolden.Load("tiny-g2");
        ModelFiles files = await golden.FilesAsync(ModelFileType.Q8_0);
        TuningPlan plan = new(TuningMethod.Attention);
        using PairNetwork network = PairNetwork.Open(files, new NetworkOptions { IsStreamed = true });
        IReadOnlyList<TrainedTensor> trained = plan.Apply(network);
        using (no_grad()) trained[0].Value.Multiply(2);
        IReadOnlyList<string> written = await RunResults.WriteAsync(
            _folder.Path, files, network, plan, trained, new ResultOptions(), CancellationToken.None);

        using PairNetwork tuned = PairNetwork.Open(new ModelFiles(written[0], written[1]), new NetworkOptions());
        using Tensor first = tuned.DecoderLayers[0].Attention[0].Weight.ToStored();
        using Tensor expected = trained[0].Value.detach();
        Assert.True((first - expected).abs().max().Element<float>() <= expected.abs().max().Element<float>() / 127);
        Assert.Equal(network.TextFile.File.Tensors.Select(each => each.ToString()),
            tuned.TextFile.File.Tensors.Select(each => each.ToString()));
        Assert.Equal(
            network.TextFile.File.GetRows(network.TextFile.File.GetTensor("token_embd.weight"), 0, 8),
                tuned.TextFile.File.GetRows(tuned.TextFile.File.GetTensor("token_embd.weight"), 0, 8));
    }
    [Fact]
    public async Task What_makes_masks_is_copied_as_it_is_stored()
    {
        TrainingGolden golden = TrainingGolden.Load("tiny-g2");
        ModelFiles files = await golden.FilesAsync(ModelFileType.Q8_0);
        string vision = new GgufEdits { Fill = 0x12 }.WithTensor("mask.codebook", GgmlType.Q8_0, 512, 128)
            .WithTensor("mask.0.weight", GgmlType.F16, 1, 1, 512, 128).Write(files.Vision, _folder.File("mmproj-masks.gguf"));
        using PairNetwork network = PairNetwork.Open(new ModelFiles(files.Text, vision), new NetworkOptions());
        string path = _folder.File("tuned.gguf");
        TunedFile.Write(network.VisionFile, path, network.VisionWeights, []);
        Assert.Equal(File.ReadAllBytes(vision), File.ReadAllBytes(path));
    }
}
