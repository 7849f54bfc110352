using System.Security.Cryptography;
using System.Text;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Tasks.Masks;
using PaliGguf.Training.Examples;
using PaliGguf.Training.Network;

namespace PaliGguf.Training.Runs;

/// <summary>What a run learns from, and what it is measured by.</summary>
internal sealed class RunData
{
    private RunData(
        IReadOnlyList<TrainingExample> examples, IReadOnlyList<TrainingExample> validation, Augmenter? augmenter, int shown)
    {
        (Examples, Validation, Augmenter) = (examples, validation, augmenter);
        TrainingExample[] pictures = [.. validation.DistinctBy(each => each.Picture.Name, StringComparer.Ordinal)];
        int count = Math.Min(shown, pictures.Length);
        Shown = [.. Enumerable.Range(0, count).Select(number => pictures[(long)number * pictures.Length / count])];
    }

    /// <summary>The examples; at least one.</summary>
    public IReadOnlyList<TrainingExample> Examples { get; }

    /// <summary>Those that the run is measured by; none if nothing was named.</summary>
    public IReadOnlyList<TrainingExample> Validation { get; }

    /// <summary>Changes examples each time that they are seen; null where they stay.</summary>
    public Augmenter? Augmenter { get; }

    /// <summary>A few of these, of different pictures, whose answers are shown.</summary>
    public IReadOnlyList<TrainingExample> Shown { get; }

    /// <summary>What tells sets of examples apart.</summary>
    public string Fingerprint
    {
        get
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (TrainingExample each in Examples)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetFileName(each.Picture.Name)}\0{each.Prompt}\0{each.Answer}\0"));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
        }
    }

    /// <summary>Reads them.</summary>
    /// <param name="settings">The run.</param>
    /// <param name="network">The model, which they have to fit.</param>
    /// <param name="observer">Told of rows that are left out.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="PaliException">One can not be read, or holds nothing that fits.</exception>
    public static RunData Read(TrainingSettings settings, PairNetwork network, IRunObserver observer, CancellationToken cancellationToken)
    {
        MaskEncoder? masks = !settings.DataOptions.Masks ? null : MaskEncoder.Read(settings.Model.Vision) ?? throw new PaliException(
            $"{settings.Model.Vision}: it has no mask encoder: convert the checkpoint again with --mask-decoder vae-oid.npz, "
            + "or train on boxes alone.");
        ExampleTokenizer tokenizer = new(network.Tokenizer, network.ContextLength, network.Tower.Layout.Patches);
        IReadOnlyList<TrainingExample> examples = Read(settings.Data, settings.DataOptions);
        return new RunData(
            examples,
            settings.Validation is { } path ? Read(path, settings.DataOptions with { Split = null }) : [],
            settings.Augmentation.IsNone ? null : Augment(),
            settings.ShownPictures);

        Augmenter Augment()
        {
            IEnumerable<string> obstacles = from each in examples
                                            let obstacle = settings.Augmentation.Moves ? MovedText.Obstacle(each) : null
                                            where obstacle is not null
                                            select $"{each.Origin}: {obstacle}: leave --flip and --crop out.";
            return obstacles.FirstOrDefault() is { } first
                ? throw new PaliException(first)
                : new Augmenter(settings.Augmentation, settings.Seed, new MovedText(masks), tokenizer);
        }

        IReadOnlyList<TrainingExample> Read(string path, DataOptions options)
        {
            ExampleSource source = new(options, masks);
            IReadOnlyList<TrainingExample> read = source.Read(path, cancellationToken);
            foreach (string broken in source.Broken) observer.Broken(broken);
            IReadOnlyList<TrainingExample> fit = tokenizer.Tokenize(
                settings.Limit is { } limit ? [.. read.Take(limit)] : read, observer.Broken);
            return fit.Count > 0 ? fit : throw new PaliException($"{path}: none of its {read.Count} examples fits the model.");
        }
    }

    /// <summary>Opens the file of all pictures' soft tokens.</summary>
    /// <param name="settings">The run.</param>
    /// <param name="network">The model.</param>
    /// <exception cref="PaliException">The tower is trained, or the file can not be opened.</exception>
    public SoftTokenFile KeepSoftTokens(TrainingSettings settings, PairNetwork network)
    {
        if (network.TrainsTower)
        {
            throw new PaliException("soft tokens can not be kept while the tower is trained: leave --keep-soft-tokens or --tower out.");
        }

        string[] pictures = [.. Examples.Concat(Validation).Select(each => each.Picture.Name).Distinct(StringComparer.Ordinal)];
        return SoftTokenFile.Open(
            Path.Combine(settings.Output, "soft-tokens.bin"),
            $"{FileFingerprint.Of(settings.Model.Vision)} {settings.Network.Type}",
            pictures,
            network.Tower.Layout.Patches * network.Decoder.Width);
    }
}
