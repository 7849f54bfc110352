using PaliGguf.Imaging;
using PaliGguf.Training.Network;
using PaliGguf.Training.Runtime;

namespace PaliGguf.Training.Examples;

/// <summary>Makes batches of examples: reads their pictures, or takes the soft tokens that are kept.</summary>
/// <param name="network">The model.</param>
/// <param name="kept">Soft tokens of a frozen tower; null to compute them each time.</param>
internal sealed class BatchBuilder(PairNetwork network, SoftTokenFile? kept)
{
    private readonly Dictionary<string, string> _damaged = new(StringComparer.Ordinal);

    /// <summary>The pictures that can not be read, and why.</summary>
    public IReadOnlyCollection<string> Damaged => _damaged.Values;

    /// <summary>The examples whose pictures can be read.</summary>
    /// <param name="examples">Some examples.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public IReadOnlyList<LoadedExample> Load(IEnumerable<TrainingExample> examples, CancellationToken cancellationToken)
    {
        List<LoadedExample> loaded = [];
        foreach (TrainingExample example in examples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string name = example.Picture.Name;
            if (_damaged.ContainsKey(name)) continue;
            if (kept?.Read(name) is { } tokens)
            {
                loaded.Add(new LoadedExample(example, Picture: null, tokens));
                continue;
            }

            try
            {
                // Nothing waits for another thread here: scopes of tensors belong to this one.
                RgbImage picture = example.Picture.LoadAsync(cancellationToken).GetAwaiter().GetResult();
                loaded.Add(new LoadedExample(example, picture, SoftTokens: null));
            }
            catch (ImageException e)
            {
                _damaged[name] = $"{example.Origin}: {e.Message.ReplaceLineEndings(" ")}";
            }
        }

        return loaded;
    }

    /// <summary>A batch. It belongs to the caller's dispose scope.</summary>
    /// <param name="examples">At least one.</param>
    public Batch Build(IReadOnlyList<LoadedExample> examples)
    {
        ExampleTokens[] tokens = [.. examples.Select(each => each.Example.Tokens)];
        if (kept is null) return new Batch(tokens, PixelTensors.Of([.. examples.Select(each => each.Picture!)], network.Tower));
        using DisposeScope scope = NewDisposeScope();
        Tensor[] soft = [.. examples.Select(each => each.SoftTokens is { } known ? tensor(known) : Compute(each))];
        return new Batch(tokens, Pixels: null, stack(soft).view(examples.Count, -1, network.Decoder.Width).MoveToOuterDisposeScope());
    }

    private Tensor Compute(LoadedExample example)
    {
        Tensor soft = network.SoftTokens(PixelTensors.Of([example.Picture!], network.Tower)).to(ScalarType.Float32).flatten();
        kept!.Write(example.Example.Picture.Name, soft.Numbers<float>());
        return soft;
    }
}

/// <summary>An example whose picture was read, or whose soft tokens were.</summary>
internal sealed record LoadedExample(TrainingExample Example, RgbImage? Picture, float[]? SoftTokens);
