using PaliGguf.Imaging;
using PaliGguf.Tests;
using PaliGguf.Training.Examples;
using PaliGguf.Training.Network;
using PaliGguf.Training.Tests.Goldens;
using static TorchSharp.torch;

namespace PaliGguf.Training.Tests.Network;

public sealed class AnswerDecodingTests
{
    private const int Longest = 40;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_embedded_model_says_of_its_samples_what_the_readme_says(bool streamed)
    {
        using PairNetwork network = Nano(streamed);
        Assert.Equal(
            ["a turtle on an orange background", "blue"],
            Answers(network, ("scene_01.png", "caption en"), ("scene_02.png", "answer en what color is the background?")));
    }

    [Fact]
    public void Answers_that_are_decoded_together_are_those_of_each_alone()
    {
        using PairNetwork network = Nano(streamed: false);
        (string, string)[] asked =
        [
            ("scene_01.png", "caption th"), ("scene_02.png", "caption en"), ("scene_04.png", "detect bicycle"),
            ("scene_01.png", "describe en"),
        ];
        Assert.Equal(asked.SelectMany(each => Answers(network, each)), Answers(network, asked));
    }

    [Fact]
    public void An_answer_that_does_not_end_is_cut()
    {
        using PairNetwork network = Nano(streamed: false);
        using IDisposable scope = NewDisposeScope();
        IReadOnlyList<int> answer = Decode(network, 3, ("scene_01.png", "describe en"))[0];
        Assert.Equal(3, answer.Count);
        Assert.Equal("an orange background", network.Tokenizer.Detokenize(answer));
    }

    [Fact]
    public void What_is_measured_goes_on_where_an_answer_ends()
    {
        using PairNetwork network = Nano(streamed: false);
        using IDisposable scope = NewDisposeScope();
        ExampleTokenizer tokenizer = new(network.Tokenizer, network.ContextLength, network.Tower.Layout.Patches);
        RgbImage picture = ImageFile.Load(Path.Combine(Repository.PaliNano, "samples", "scene_02.png"));
        Tensor soft = network.SoftTokens(PixelTensors.Of([picture], network.Tower));
        IReadOnlyList<int> prompt = tokenizer.Tokenize("answer en what color is the background?", "").Prefix;
        Assert.Single(network.Answers.Answer(soft, [prompt], 9, CancellationToken.None)[0]);
        Assert.Equal(9, network.Answers.Continue(soft, [prompt], 9)[0].Count);
    }

    [Theory]
    [InlineData("tiny-g1")]
    [InlineData("tiny-g2")]
    public async Task Each_token_is_the_one_with_the_least_loss(string model)
    {
        TrainingGolden golden = TrainingGolden.Load(model);
        using PairNetwork network = await golden.OpenAsync();
        using IDisposable scope = NewDisposeScope();
        Batch batch = golden.Batch(network, [0, 1]);
        IReadOnlyList<int>[] prefixes = [.. batch.Examples.Select(each => each.Prefix)];
        Tensor soft = batch.SoftTokens ?? network.SoftTokens(batch.Pixels!);
        IReadOnlyList<IReadOnlyList<int>> answers = network.Answers.Answer(soft, prefixes, 4, CancellationToken.None);
        foreach ((int number, IReadOnlyList<int> answer) in answers.Index())
        {
            for (int place = 0; place < answer.Count; place++)
            {
                int[] given = [.. answer.Take(place)];
                Tensor one = soft.narrow(0, number, 1);
                float Loss(int token)
                {
                    ExampleTokens tokens = new(prefixes[number], [.. given, token]);
                    return network.Evaluate(new Batch([tokens], Pixels: null, one))[0][^1];
                }


                float best = Loss(answer[place]);
                Assert.All(Enumerable.Range(0, 50), each => Assert.True(best <= Loss(each * 5) + 1e-4, $"{each}"));
            }
        }
    }

    private static PairNetwork Nano(bool streamed) => PairNetwork.Open(
        ModelFiles.Find(Path.Combine(Repository.PaliNano, "pali-nano-Q8_0.gguf"), null),
        new NetworkOptions { IsStreamed = streamed });

    private static string[] Answers(PairNetwork network, params (string Picture, string Prompt)[] asked)
    {
        using IDisposable scope = NewDisposeScope();
        return [.. Decode(network, Longest, asked).Select(network.Tokenizer.Detokenize)];
    }

    private static IReadOnlyList<IReadOnlyList<int>> Decode(
        PairNetwork network, int longest, params (string Picture, string Prompt)[] asked)
    {
        string samples = Path.Combine(Repository.PaliNano, "samples");
        ExampleTokenizer tokenizer = new(network.Tokenizer, network.ContextLength, network.Tower.Layout.Patches);
        RgbImage[] pictures = [.. asked.Select(each => ImageFile.Load(Path.Combine(samples, each.Picture)))];
        Tensor soft = network.SoftTokens(PixelTensors.Of(pictures, network.Tower));
        return network.Answers.Answer(
            soft, [.. asked.Select(each => tokenizer.Tokenize(each.Prompt, "").Prefix)], longest, CancellationToken.None);
    }
}
