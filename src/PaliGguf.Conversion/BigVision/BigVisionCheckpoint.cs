using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.BigVision;

/// <summary>
/// A PaliGemma checkpoint as its authors publish it: one .npz file of big_vision, with the parameters of Flax modules. It shows the tensors of a Hugging Face checkpoint,
/// as views that are transposed while they are read, so that whatever follows does not know the difference.
/// </summary>
/// <remarks>
/// Names and dimensions are those of big_vision's <c>models/vit.py</c>, <c>models/ppp/gemma.py</c> and <c>models/proj/paligemma/paligemma.py</c>; what becomes of them is as in transformers'
/// <c>convert_paligemma_weights_to_hf.py</c> and <c>convert_paligemma2_weights_to_hf.py</c>.
/// </remarks>
internal sealed class BigVisionCheckpoint : Checkpoint
{
    private readonly NpzFile _file;
    private readonly Dictionary<string, SourceTensor> _tensors;

    private BigVisionCheckpoint(NpzFile file)
        : base(file.Path)
    {
        _file = file;
        BigVisionArrays arrays = new(file);
        LayerStack decoder = BigVisionDecoder.Layers(arrays);
        LayerStack tower = BigVisionTower.Layers(arrays);
        Text = BigVisionDecoder.ReadSizes(arrays, decoder);
        Vision = BigVisionTower.ReadSizes(arrays, tower);
        arrays.ThrowIfUnfit();

        BigVisionViews views = new(arrays);
        BigVisionDecoder.Add(views, decoder, Text);
        BigVisionTower.Add(views, tower, Vision, Text.HiddenSize);
        arrays.Complete();
        _tensors = views.Tensors;
    }

    /// <summary>The decoder. Its vocabulary is the rows of the embedding, which in published files has none for <c>&lt;image&gt;</c>.</summary>
    public TextConfig Text { get; private set; }

    public VisionConfig Vision { get; }

    public override IReadOnlyDictionary<string, SourceTensor> Tensors => _tensors;

    public override long ScratchBytes => _file.ScratchBytes;

    /// <summary>Opens a checkpoint and checks that its arrays are all there and fit each other.</summary>
    /// <param name="path">The .npz file.</param>
    /// <param name="scratchFolder">Where compressed arrays are unpacked to while the checkpoint is open.</param>
    /// <exception cref="ModelFormatException">The file is malformed or no such checkpoint; the message lists all unfit arrays.</exception>
    public static BigVisionCheckpoint Open(string path, string scratchFolder)
    {
        NpzFile file = NpzFile.Open(path, scratchFolder);
        try
        {
            return new BigVisionCheckpoint(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes the vocabulary larger, by rows of zeros at the embedding's end. transformers fills them with noise around the mean row; nothing reads them and none is ever
    /// answered, and big_vision's softmax knows no such rows at all, so the plainest content will do.
    /// </summary>
    public void PadVocabulary(int size)
    {
        string embedding = TensorNames.Spell(TensorNames.Embedding, newGeneration: false);
        _tensors[embedding] = new PaddedTensor(_tensors[embedding], size, Text.HiddenSize);
        Text = Text with { VocabularySize = size };
    }

    public override void Dispose() => _file.Dispose();
}
