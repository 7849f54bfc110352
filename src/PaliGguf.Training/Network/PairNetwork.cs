using PaliGguf.Gguf;
using PaliGguf.Language;
using PaliGguf.Training.Runtime;
using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Network;

/// <summary>A GGUF pair as a network that can be differentiated: tower, projector, decoder, and the loss over suffixes.</summary>
internal sealed class PairNetwork : IDisposable
{
    private readonly WeightFile _text, _vision;
    private readonly WeightSet _textWeights, _visionWeights;
    private readonly LayerStack<SequenceContext> _decoder;
    private readonly LayerStack<TowerShape> _tower;
    private readonly ScalarType _type;

    private PairNetwork(WeightFile text, WeightFile vision, NetworkOptions options)
    {
        (_text, _vision, _type) = (text, vision, options.Type);
        TextModelLayout layout = TextModelLayout.Read(text.File);
        Name = layout.Name;
        ContextLength = layout.ContextLength;
        Tokenizer = new Vocabulary(layout.Tokenizer!);
        Tower = TowerShape.Read(vision);
        Decoder = DecoderShape.Read(text.File, layout);
        if (options.WithoutFinalSoftCap) Decoder = Decoder with { FinalSoftCap = null };
        if (Tower.Layout.ProjectionLength != Decoder.Width)
        {
            throw new ModelFormatException(
                vision.File.Path,
                $"its soft tokens have {Tower.Layout.ProjectionLength} numbers, and the decoder's {Decoder.Width}: "
                + "it belongs to another model.");
        }

        _textWeights = new WeightSet(text, _type, options.IsStreamed);
        _visionWeights = new WeightSet(vision, _type, options.IsStreamed);
        int most = options.MostLayers ?? int.MaxValue;
        DecoderLayers =
        [
            .. Enumerable.Range(0, Math.Min(most, Decoder.LayerCount)).Select(number => new DecoderLayer(Decoder, number, _textWeights)),
        ];
        TargetNorm norm = new(new RmsNorm(_textWeights.Vector("output_norm.weight", "text.norm.weight"), Decoder.NormEpsilon));
        _decoder = new LayerStack<SequenceContext>([.. DecoderLayers, norm], options.IsStreamed, options.MostKept);
        LocationSpread? spread = options.LocationSpread is { } width ? new LocationSpread(Tokenizer, width) : null;
        Head = new OutputHead(Decoder, text, _textWeights, _type, options.IsStreamed, spread);
        Answers = new AnswerDecoding(Decoder, _decoder, Head, Tokenizer);
        PatchEmbedding patches = new(_visionWeights, _type);
        TowerLayers =
        [
            .. Enumerable.Range(0, Math.Min(most, Tower.Layout.LayerCount)).Select(number => new TowerLayer(Tower, number, _visionWeights)),
        ];
        Projector = new Projector(Tower, _visionWeights);
        _tower = new LayerStack<TowerShape>([patches, .. TowerLayers, Projector], options.IsStreamed);
    }

    /// <summary>What the model calls itself.</summary>
    public string Name { get; }

    /// <summary>The most rows that it is made for.</summary>
    public int ContextLength { get; }

    /// <summary>The text file.</summary>
    public WeightFile TextFile => _text;

    /// <summary>The vision file.</summary>
    public WeightFile VisionFile => _vision;

    /// <summary>The text model's tokens.</summary>
    public Vocabulary Tokenizer { get; }

    public DecoderShape Decoder { get; }

    public TowerShape Tower { get; }

    public IReadOnlyList<DecoderLayer> DecoderLayers { get; }

    public IReadOnlyList<TowerLayer> TowerLayers { get; }

    public Projector Projector { get; }

    public OutputHead Head { get; }

    /// <summary>Greedy answers.</summary>
    public AnswerDecoding Answers { get; }

    /// <summary>The tensors of the text file.</summary>
    public IReadOnlyList<Weight> TextWeights => _textWeights.All;

    /// <summary>The tensors of the vision file.</summary>
    public IReadOnlyList<Weight> VisionWeights => _visionWeights.All;

    /// <summary>All products, in the order that adapters are numbered in: decoder, tower, projector.</summary>
    public IEnumerable<Linear> Linears =>
        [.. DecoderLayers.SelectMany(layer => layer.Linears), .. TowerLayers.SelectMany(layer => layer.Linears), .. Projector.Linears];

    /// <summary>Whether soft tokens change while it is trained.</summary>
    public bool TrainsTower => _tower.IsTrained;

    /// <summary>Opens a pair.</summary>
    /// <param name="files">The files.</param>
    /// <param name="options">How it is computed.</param>
    /// <exception cref="ModelFormatException">A file is malformed, or the two do not belong together.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static PairNetwork Open(ModelFiles files, NetworkOptions options)
    {
        WeightFile text = new(GgufFile.Open(files.Text), options.IsStreamed);
        WeightFile? vision = null;
        try
        {
            vision = new WeightFile(GgufFile.Open(files.Vision), options.IsStreamed);
            return new PairNetwork(text, vision, options);
        }
        catch
        {
            vision?.Dispose();
            text.Dispose();
            throw;
        }
    }

    /// <summary>Soft tokens of pictures, without a way back.</summary>
    /// <param name="pixels">[pictures, 3, side, side], normalised.</param>
    /// <returns>[pictures, patches, width].</returns>
    public Tensor SoftTokens(Tensor pixels) => _tower.Infer(pixels, Tower);

    /// <summary>The loss of each example's suffix.</summary>
    /// <param name="batch">The examples.</param>
    public IReadOnlyList<float[]> Evaluate(Batch batch) => Run(batch, weights: null, dropoutSeed: null);

    /// <summary>
    /// The loss of each example's suffix, and a way back: the gradient of the weighted sum is added to all that is trained.
    /// </summary>
    /// <param name="batch">The examples.</param>
    /// <param name="weights">What each target of an example counts.</param>
    /// <param name="dropoutSeed">Of this step's random numbers.</param>
    /// <returns>Of each example's targets, in their order, the negative logarithm of the probability.</returns>
    public IReadOnlyList<float[]> Accumulate(Batch batch, IReadOnlyList<double> weights, long dropoutSeed = 0) =>
        Run(batch, weights, dropoutSeed);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Linear linear in Linears) linear.LowRank?.Dispose();
        _text.Dispose();
        _vision.Dispose();
    }

    private float[][] Run(Batch batch, IReadOnlyList<double>? weights, long? dropoutSeed)
    {
        using DisposeScope scope = NewDisposeScope();
        bool backward = weights is not null;
        bool trainsTower = backward && TrainsTower;
        Tensor soft = batch.SoftTokens
            ?? (trainsTower ? _tower.Forward(batch.Pixels!, Tower, inputNeedsGradient: false) : _tower.Infer(batch.Pixels!, Tower));
        Tensor? softGradient = trainsTower ? zeros_like(soft) : null;
        float[][] losses = new float[batch.Examples.Count][];
        foreach (int[][] part in batch.Parts())
        {
            using DisposeScope inner = NewDisposeScope();
            int[] numbers = [.. part.SelectMany(each => each)];
            Tensor? pictures = batch.PicturesOf(part.Select(each => each[0]));
            double[]? own = weights is null ? null : [.. numbers.Select(number => weights[number])];
            Tensor seen = pictures is null ? soft : soft.index_select(0, pictures);
            (List<float[]> found, Tensor? upstream) = RunDecoder(
                seen, batch.Sequences(part), own, dropoutSeed + numbers[0], trainsTower);
            foreach ((int number, float[] each) in numbers.Zip(found)) losses[number] = each;
            if (upstream is null) continue;
            if (pictures is null) softGradient!.copy_(upstream);
            else softGradient!.AddRows(pictures, upstream.to(soft.dtype));
        }

        if (softGradient is not null) _tower.Backward(softGradient);
        return losses;
    }

    private (List<float[]> Losses, Tensor? SoftGradient) RunDecoder(
        Tensor soft, Sequences sequences, IReadOnlyList<double>? weights, long? dropoutSeed, bool trainsTower)
    {
        bool backward = weights is not null;
        bool trainsInput = trainsTower || (backward && Head.Embedding.IsTrained);
        int pictureRows = (int)soft.shape[1];
        SequenceContext context = SequenceContext.Of(Decoder, pictureRows, sequences, dropoutSeed);
        (int[] tokens, int[] targets) = sequences.Tokens();
        Tensor text = Head.Embed(tokens).view(sequences.Texts.Count, -1, Decoder.Width);
        Tensor input = cat([soft.to(_type), text], 1);
        Tensor rows = backward ? _decoder.Forward(input, context, trainsInput) : _decoder.Infer(input, context);
        Tensor? gradient = backward ? empty_like(rows) : null;
        double[] perTarget = weights is null ? new double[targets.Length] : sequences.PerTarget(weights);
        float[] losses = Head.Loss(rows, targets, perTarget, gradient);
        Tensor? upstream = gradient is null ? null : _decoder.Backward(gradient);
        if (upstream is not null && Head.Embedding.IsTrained)
        {
            Head.BackwardEmbed(tokens, upstream.narrow(1, pictureRows, upstream.shape[1] - pictureRows).reshape(-1, Decoder.Width));
        }

        return (sequences.Split(losses), trainsTower ? upstream?.narrow(1, 0, pictureRows) : null);
    }
}
