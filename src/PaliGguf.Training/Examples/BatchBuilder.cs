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

    /// <summary>
    /// Examples by what goes through the tower together: so many pictures at most, each with all of its examples.
    /// </summary>
    /// <param name="examples">Some examples.</param>
    /// <param name="pictures">At least 1.</param>
    public static IEnumerable<LoadedExample[]> Parts(IEnumerable<LoadedExample> examples, int pictures) =>
        examples.GroupBy(each => each.Key)
            .Chunk(pictures)
            .Select(part => part.SelectMany(picture => picture).ToArray());

    /// <summary>The pictures that can not be read, and why.</summary>
    public IReadOnlyCollection<string> Damaged => _damaged.Values;

    /// <summary>The examples whose pictures can be read. Those of the same picture share it.</summary>
    /// <param name="examples">Some examples.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public IReadOnlyList<LoadedExample> Load(IEnumerable<TrainingExample> examples, CancellationToken cancellationToken)
    {
        List<LoadedExample> loaded = [];
        Dictionary<string, RgbImage> read = new(StringComparer.Ordinal);
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
                if (!read.TryGetValue(name, out RgbImage? picture))
                {
                    picture = example.Picture.LoadAsync(cancellationToken).GetAwaiter().GetResult();
                    read.Add(name, picture);
                }

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
    /// <param name="together">How many sequences go through the decoder together, where examples share pictures.</param>
    /// <param name="packed">How many examples of a picture are a sequence, at most.</param>
    public Batch Build(IReadOnlyList<LoadedExample> examples, int together = int.MaxValue, int packed = 1)
    {
        LoadedExample[] pictures = [.. examples.DistinctBy(each => each.Key)];
        Dictionary<object, int> numbers = pictures.Index().ToDictionary(each => each.Item.Key, each => each.Index);
        return Of(pictures, [.. examples.Select(each => each.Example.Tokens)]) with
        {
            Pictures = pictures.Length == examples.Count ? null : [.. examples.Select(each => numbers[each.Key])],
            Together = together,
            Packed = packed,
        };
    }

    private Batch Of(LoadedExample[] pictures, ExampleTokens[] tokens)
    {
        if (kept is null) return new Batch(tokens, PixelTensors.Of([.. pictures.Select(each => each.Picture!)], network.Tower));
        using DisposeScope scope = NewDisposeScope();
        Tensor[] soft = [.. pictures.Select(each => each.SoftTokens is { } known ? tensor(known) : Compute(each))];
        return new Batch(tokens, Pixels: null, stack(soft).view(pictures.Length, -1, network.Decoder.Width).MoveToOuterDisposeScope());
    }

    private Tensor Compute(LoadedExample example)
    {
        Tensor soft = network.SoftTokens(PixelTensors.Of([example.Picture!], network.Tower)).to(ScalarType.Float32).flatten();
        kept!.Write(example.Example.Picture.Name, soft.Numbers<float>());
        return soft;
    }
}

/// <summary>An example whose picture was read, or whose soft tokens were.</summary>
internal sealed record LoadedExample(TrainingExample Example, RgbImage? Picture, float[]? SoftTokens)
{
    /// <summary>The same for examples that share a picture: one that was changed is another.</summary>
    public object Key => Picture ?? (object)Example.Picture.Name;
}
