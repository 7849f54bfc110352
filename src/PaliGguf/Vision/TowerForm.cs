using System.Collections.Immutable;
using PaliGguf.Gguf;
using PaliGguf.Products;

namespace PaliGguf.Vision;

/// <summary>How a tower's graph is built. Graphs of one layout and form compute the same in the same memory.</summary>
/// <param name="OwnGelu">Whether the activation is computed by <see cref="BiasedGelu"/>, which only a CPU can.</param>
/// <param name="Joined">Whether queries, values and keys come from one product.</param>
/// <param name="Attention">How attention is computed; not <see cref="VisionAttention.Auto"/>.</param>
/// <param name="Pictures">How many pictures are computed at once.</param>
/// <param name="LargestScores">The bytes of attention scores that may be held at once; at least one head's are.</param>
internal sealed record TowerForm(bool OwnGelu, bool Joined, VisionAttention Attention, int Pictures = 1, long LargestScores = TowerForm.DefaultLargestScores)
{
    private const string WeightSuffix = ".weight";

    /// <summary>By default, the attention scores of so many bytes are held at once; more heads than fit are computed in turn.</summary>
    public const long DefaultLargestScores = 256L << 20;

    // The CPU's tiled kernel takes tiles of so many rows (ggml_fa_tile_config in ggml-cpu), and fewer rows in a slower way.
    private const int TileRows = 64;

    /// <summary>The form for weights of given types.</summary>
    /// <param name="layout">The tower's sizes.</param>
    /// <param name="types">The types of its matrices, by name.</param>
    /// <param name="attention">How attention is computed; with <see cref="VisionAttention.Auto"/> what is fastest on a CPU.</param>
    /// <param name="onGpu">Whether the tower runs on a GPU.</param>
    /// <param name="own">Whether a CPU computes products and attention by code of our own, where there is some.</param>
    /// <param name="observed">Whether somebody observes the products: the library's are.</param>
    public static TowerForm Of(VisionLayout layout, IReadOnlyDictionary<string, GgmlType> types, VisionAttention attention, bool onGpu, bool own, bool observed = false)
    {
        own &= !onGpu;
        bool joined = Enumerable.Range(0, layout.LayerCount).All(layer => Joins(types, layer));
        if (attention == VisionAttention.Auto) attention = OnCpu(layout);
        return new TowerForm(OwnGelu: !onGpu, joined, attention)
        {
            OwnAttention = own && attention == VisionAttention.Tiled && HeadAttention.IsSupported && HeadAttention.Takes(layout),
            OwnProducts = !own || observed ? [] : [.. layout.Tensors().Where(tensor => IsOwn(tensor, types)).Select(tensor => StoredWeight.NameOf(tensor.Name, joined))],
        };
    }

    /// <summary>Whether tiled attention is <see cref="HeadAttention"/>.</summary>
    public bool OwnAttention { get; init; }

    /// <summary>The weights whose products are <see cref="MatrixProduct"/>, by their names in the graph; the library's are the others.</summary>
    public ImmutableHashSet<string> OwnProducts { get; init; } = [];

    /// <summary>Whether a product is computed by <see cref="MatrixProduct"/>.</summary>
    /// <param name="name">The name of its weight, without the suffix.</param>
    public bool Owns(string name) => OwnProducts.Contains(name + WeightSuffix);

    /// <summary>Whether all that takes time is computed by operations of our own.</summary>
    public bool IsOwn(VisionLayout layout) =>
        OwnAttention && layout.Tensors().All(tensor => StoredWeight.MatrixShape(tensor) is null || OwnProducts.Contains(StoredWeight.NameOf(tensor.Name, Joined)));

    /// <summary>What is fastest on a CPU at any head size; the figures are in docs/performance.md.</summary>
    public static VisionAttention OnCpu(VisionLayout layout) => layout.Patches >= TileRows ? VisionAttention.Tiled : VisionAttention.Plain;

    /// <summary>What may be fastest on a GPU, depending on its kind and the head size.</summary>
    public static IReadOnlyList<VisionAttention> OnGpu { get; } = [VisionAttention.Plain, VisionAttention.Flash];

    /// <summary>How many heads' attention scores are held at once.</summary>
    public int HeadsAtOnce(VisionLayout layout) => (int)Math.Clamp(LargestScores / (4L * layout.Patches * layout.Patches * Pictures), 1, layout.HeadCount);

    /// <summary>
    /// The length of a head's values as the tiled kernel takes them: whole vectors of the widest kind, 16 floats. Other lengths go row by row, which takes six times as long
    /// (ggml_compute_forward_flash_attn_ext_f16 in ggml-cpu/ops.cpp).
    /// </summary>
    public static int WideHeadLength(VisionLayout layout) => (layout.HeadLength + 15) / 16 * 16;

    /// <summary>
    /// Whether the values' heads can be made longer by reading on into the next head, or into the keys that lie behind the last one; what comes of it is left out of the
    /// result. Otherwise they are copied, with zeros between them.
    /// </summary>
    public bool ReadsOn(VisionLayout layout) => Joined && WideHeadLength(layout) <= 2 * layout.HeadLength;

    private static bool IsOwn(ExpectedTensor tensor, IReadOnlyDictionary<string, GgmlType> types) =>
        StoredWeight.MatrixShape(tensor) is { } matrix && types.TryGetValue(tensor.Name, out GgmlType type)
            && MatrixProduct.TakesManyRows(type, matrix.In, matrix.Out);

    private static bool Joins(IReadOnlyDictionary<string, GgmlType> types, int layer)
    {
        GgmlType type = types[$"v.blk.{layer}.attn_q.weight"];
        return types[$"v.blk.{layer}.attn_k.weight"] == type && types[$"v.blk.{layer}.attn_v.weight"] == type;
    }
}
