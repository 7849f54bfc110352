using System.Globalization;

namespace PaliGguf.Memory;

/// <summary>A decoder's weights by where the library can put them: each layer, the embedding, and the output.</summary>
internal sealed class WeightGroups
{
    public const string EmbeddingName = "token_embd.weight";

    public WeightGroups(int layers, IReadOnlyList<TensorShape> tensors)
    {
        List<TensorShape>[] byLayer = [.. Enumerable.Range(0, layers).Select(_ => new List<TensorShape>())];
        List<TensorShape> others = [];
        foreach (TensorShape tensor in tensors)
        {
            string[] name = tensor.Name.Split('.');
            if (name[0] == "blk") byLayer[int.Parse(name[1], CultureInfo.InvariantCulture)].Add(tensor);
            else if (tensor.Name == EmbeddingName) Embedding = tensor;
            else others.Add(tensor);
        }

        Layers = byLayer;
        Output = others;
        Embedding ??= tensors[0];
    }

    /// <summary>The tensors of each layer.</summary>
    public IReadOnlyList<IReadOnlyList<TensorShape>> Layers { get; }

    /// <summary>The token embedding, which is the output matrix as well.</summary>
    public TensorShape Embedding { get; }

    /// <summary>The last norm.</summary>
    public IReadOnlyList<TensorShape> Output { get; }
}
