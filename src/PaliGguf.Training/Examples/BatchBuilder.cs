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
        examples.GroupBy(each => each.Picture ?? (object)each, ReferenceEqualityComparer.Instance)
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
    /// <param name="together">How many go through the decoder together, where they share pictures.</param>
    public Batch Build(IReadOnlyList<LoadedExample> examples, int together = int.MaxValue)
    {
        ExampleTokens[] tokens = [.. examples.Select(each => each.Example.Tokens)];
        if (kept is null)
        {
            RgbImage[] pictures = [.. examples.Select(each => each.Picture!).Distinct<RgbImage>(ReferenceEqualityComparer.Instance)];
            Batch batch = new(tokens, PixelTensors.Of(pictures, network.Tower)) { Together = together };
            return pictures.Length == tokens.Length ? batch
                : batch with { Pictures = [.. examples.Select(each => Array.FindIndex(pictures, picture => ReferenceEquals(picture, each.Picture)))] };
        }

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
