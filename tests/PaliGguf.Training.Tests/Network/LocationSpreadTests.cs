using PaliGguf.Tests;
using PaliGguf.Training.Network;
using PaliGguf.Training.Runtime;
using static TorchSharp.torch;

namespace PaliGguf.Training.Tests.Network;

public sealed class LocationSpreadTests
{
    private static readonly string[] Texts = ["<loc0500>", "<loc0000>", "<loc1023>", "a"];

    [Fact]
    public void Locations_beside_the_right_one_get_a_share_of_it_and_words_none()
    {
        using PairNetwork network = Nano(null);
        LocationSpread spread = new(network.Tokenizer, 2);
        (int Token, float Share)[][] shares = [.. Texts.Select(text => spread.Of(Token(network, text)).ToArray())];
        Assert.Equal([13, 7, 7, 1], shares.Select(each => each.Length));
        Assert.All(shares, each => Assert.Equal(1, each.Sum(share => (double)share.Share), 1e-6));
        Assert.All(shares.Zip(Texts), pair => Assert.Equal(Token(network, pair.Second), pair.First.MaxBy(share => share.Share).Token));
        float Share(string text) => shares[0].Single(share => share.Token == Token(network, text)).Share;
        Assert.Equal(Math.Exp(-0.5), Share("<loc0502>") / Share("<loc0500>"), 1e-6);
        Assert.Equal(Share("<loc0497>"), Share("<loc0503>"), 1e-7);
    }

    [Fact]
    public void One_wider_than_the_picture_stays_within_it()
    {
        using PairNetwork network = Nano(null);
        LocationSpread spread = new(network.Tokenizer, 1e12);
        Assert.Equal(1024, spread.Of(Token(network, "<loc0700>")).Count());
    }

    [Fact]
    public void The_gradient_is_that_of_the_loss_with_shares()
    {
        const double width = 1.5;
        using PairNetwork network = Nano(width);
        using DisposeScope scope = NewDisposeScope();
        LocationSpread spread = new(network.Tokenizer, width);
        int[] targets = [.. Texts.Select(text => Token(network, text))];
        Tensor rows = linspace(-2, 2, targets.Length * network.Decoder.Width).sin().view(targets.Length, -1);
        Tensor gradient = empty_like(rows);
        float[] losses = network.Head.Loss(rows, targets, [0.5, 1, 2, 3], gradient);

        Tensor leaf = rows.clone().requires_grad_();
        Tensor logits = nn.functional.linear(leaf, network.Head.Embedding.As(ScalarType.Float32));
        double cap = network.Decoder.FinalSoftCap!.Value;
        Tensor logs = nn.functional.log_softmax(logits.Times(1 / cap).tanh().Times(cap), -1);
        Tensor wanted = zeros_like(logs);
        for (int row = 0; row < targets.Length; row++)
        {
            foreach ((int token, float share) in spread.Of(targets[row])) wanted[row, token] = tensor(share);
            Assert.Equal(-logs[row, targets[row]].item<float>(), losses[row], 1e-4);
        }

        (logs * wanted * tensor([-0.5f, -1f, -2f, -3f]).unsqueeze(1)).sum().backward();
        Assert.True((leaf.grad! - gradient).norm().item<float>() < 1e-4 * leaf.grad!.norm().item<float>());
    }

    private static int Token(PairNetwork network, string text) => network.Tokenizer.Tokenize(text).Single();

    private static PairNetwork Nano(double? spread)
    {
        TorchRuntime.Load(threads: 1);
        ModelFiles files = ModelFiles.Find(Path.Combine(Repository.PaliNano, "pali-nano-Q8_0.gguf"), null);
        return PairNetwork.Open(files, new NetworkOptions { LocationSpread = spread });
    }
}
