using PaliGguf.Gguf;

namespace PaliGguf.Vision;

/// <summary>A weight as it lies on the device: a tensor of the file, or the rows of several tensors one after the other.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Form">What each of the tensors must be.</param>
/// <param name="Parts">The tensors of the file, all of one type.</param>
internal sealed record StoredWeight(string Name, ExpectedTensor Form, IReadOnlyList<GgufTensor> Parts)
{
    /// <summary>Ends the name of what a block's three products for attention are joined to.</summary>
    public const string JoinedProducts = "attn_qvk";

    private static readonly string[] Products = ["attn_q.", "attn_v.", "attn_k."];

    /// <summary>The shape in which it is multiplied; null for one that is not.</summary>
    public (long In, long Out)? Matrix => MatrixShape(Form) is { } first ? (first.In, Parts.Count * first.Out) : null;

    /// <summary>
    /// The shape in which a tensor is multiplied; the patch weight is one row of 3 * p * p per output. What it is for tells, not how many
    /// dimensions a file gives it.
    /// </summary>
    public static (long In, long Out)? MatrixShape(ExpectedTensor tensor) => tensor switch
    {
        { Name: "v.position_embd.weight" } or { Shape.Length: 1 } => null,
        { Shape: [var column, var row, var channels, var outputs] } => (column * row * channels, outputs),
        _ => (tensor.Shape[0], tensor.Shape[1]),
    };

    /// <summary>The types of all matrices of a tower.</summary>
    public static Dictionary<string, GgmlType> Types(GgufFile file, VisionLayout layout) =>
        layout.Tensors().Where(tensor => MatrixShape(tensor) is not null).ToDictionary(tensor => tensor.Name,
            tensor => file.GetTensor(tensor.Name).Type, StringComparer.Ordinal);

    /// <summary>All weights of a tower. A file may hold other tensors, of whatever types.</summary>
    /// <param name="file">A checked vision file.</param>
    /// <param name="layout">What it holds.</param>
    /// <param name="join">Whether each block's matrices for queries, values and keys become one, and their biases too.</param>
    public static IEnumerable<StoredWeight> Of(GgufFile file, VisionLayout layout, bool join) => layout.Tensors()
        .GroupBy(tensor => NameOf(tensor.Name, join))
        .Select(
            group =>
                new StoredWeight(group.Key, group.First(), [.. group.Select(tensor => tensor.Name).OrderBy(Order).Select(file.GetTensor)]));

    /// <summary>The name in the graph of what a tensor of the file becomes, or becomes a part of.</summary>
    public static string NameOf(string name, bool join) => join && Order(name) is >= 0 and int product
        ? name.Replace(Products[product], JoinedProducts + ".", StringComparison.Ordinal)
        : name;

    // Values before keys: what reads on behind the last head's values finds keys.
    private static int Order(string name) => Array.FindIndex(Products, product => name.Contains(product, StringComparison.Ordinal));
}
