using System.Collections.Immutable;
using PaliGguf.Gguf;
using PaliGguf.Language;
using PaliGguf.Vision;

namespace PaliGguf.Memory;

/// <summary>A tensor as far as its size is concerned.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">How its elements are stored.</param>
/// <param name="Shape">Its dimensions in GGUF order.</param>
public sealed record TensorShape(string Name, GgmlType Type, ImmutableArray<long> Shape)
{
    /// <summary>The bytes of its data.</summary>
    public long Bytes { get; } = Type.TensorByteLength(Shape.AsSpan());
}

/// <summary>
/// What a model costs follows from this: the sizes and the stored types of its two halves. It comes from the headers of a pair of files, or from the name of a published size.
/// </summary>
public sealed class ModelShape
{
    private ModelShape(TextModelLayout text, VisionLayout vision, IReadOnlyList<TensorShape> textTensors, IReadOnlyList<TensorShape> visionTensors)
    {
        Text = text;
        Vision = vision;
        TextTensors = textTensors;
        VisionTensors = visionTensors;
        TextWeights = new WeightGroups(text.LayerCount, textTensors);
    }

    /// <summary>The model's name.</summary>
    public string Name => Text.Name;

    /// <summary>The decoder's layers.</summary>
    public int LayerCount => Text.LayerCount;

    /// <summary>The longest sequence that the decoder was trained for.</summary>
    public int ContextLength => Text.ContextLength;

    /// <summary>Soft tokens per picture.</summary>
    public int ImageTokens => Vision.Patches;

    /// <summary>The side in pixels of the square that pictures are resized to.</summary>
    public int ImageSize => Vision.ImageSize;

    /// <summary>
    /// What the vision tower makes of one picture, in bytes: as much is kept of each (<see cref="ModelOptions.SoftTokenCacheBytes"/>).
    /// </summary>
    public long SoftTokenBytes => (long)sizeof(float) * Text.EmbeddingLength * Vision.Patches;

    /// <summary>The decoder's tensors.</summary>
    public IReadOnlyList<TensorShape> TextTensors { get; }

    /// <summary>The tensors of the vision tower and the projector.</summary>
    public IReadOnlyList<TensorShape> VisionTensors { get; }

    internal TextModelLayout Text { get; }

    internal VisionLayout Vision { get; }

    internal WeightGroups TextWeights { get; }

    /// <summary>Reads the headers of a pair of files; the weights are not touched.</summary>
    /// <exception cref="IOException">A file can not be read.</exception>
    /// <exception cref="ModelFormatException">A file is malformed, or not one half of a PaliGemma.</exception>
    public static ModelShape Read(ModelFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        using GgufFile text = GgufFile.Open(files.Text);
        using GgufFile vision = GgufFile.Open(files.Vision);
        return Of(text, TextModelLayout.Read(text), vision, VisionLayout.Read(vision));
    }

    internal static ModelShape Of(GgufFile text, TextModelLayout textLayout, GgufFile vision, VisionLayout visionLayout) => new(
        textLayout,
        visionLayout,
        Tensors(textLayout.Tensors(), tensor => text.GetTensor(tensor.Name).Type),
        Tensors(visionLayout.Tensors(), tensor => StoredType(vision, tensor)));

    /// <summary>A published size, with a type for each tensor.</summary>
    internal static ModelShape Of(ModelSize size, Func<ExpectedTensor, GgmlType> textType, Func<ExpectedTensor, GgmlType> visionType)
    {
        (TextModelLayout text, VisionLayout vision) = (TextModelLayout.Of(size), VisionLayout.Of(size));
        return new ModelShape(
            text,
            vision,
            Tensors(text.Tensors(), textType),
            Tensors(vision.Tensors(), visionType));
    }

    private static TensorShape[] Tensors(IEnumerable<ExpectedTensor> tensors, Func<ExpectedTensor, GgmlType> type) =>
        [.. tensors.Select(tensor => new TensorShape(tensor.Name, type(tensor), tensor.Shape))];

    // As the tower holds them: all that is not multiplied as a matrix is added in 32-bit floats, however it is stored.
    private static GgmlType StoredType(GgufFile file, ExpectedTensor tensor) =>
        StoredWeight.MatrixShape(tensor) is null ? GgmlType.F32 : file.GetTensor(tensor.Name).Type;
}
