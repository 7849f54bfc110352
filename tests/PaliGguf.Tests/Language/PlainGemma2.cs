using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using PaliGguf.Gguf;

namespace PaliGguf.Tests.Language;

/// <summary>
/// Gemma 2 (arXiv 2408.00118) as a prefix-LM in double precision, written from its description and not from ours: a whole sequence at once, nothing
/// cached. Weights come from a full-precision text GGUF.
/// </summary>
internal sealed class PlainGemma2
{
    private const double AttentionCap = 50;
    private const double FinalCap = 30;
    private readonly GgufFile _file;
    private readonly int _width, _layers, _heads, _keyHeads, _headLength;
    private readonly double _epsilon, _ropeBase;
    private readonly Dictionary<string, double[]> _weights = new(StringComparer.Ordinal);

    public PlainGemma2(GgufFile file)
    {
        _file = file;
        GgufMetadata metadata = file.Metadata;
        _width = metadata.GetInt32("gemma2.embedding_length");
        _layers = metadata.GetInt32("gemma2.block_count");
        _heads = metadata.GetInt32("gemma2.attention.head_count");
        _keyHeads = metadata.GetInt32("gemma2.attention.head_count_kv");
        _headLength = metadata.GetInt32("gemma2.attention.key_length");
        _epsilon = metadata.GetSingle("gemma2.attention.layer_norm_rms_epsilon");
        _ropeBase = metadata.GetSingle("gemma2.rope.freq_base");
        foreach (GgufTensor tensor in file.Tensors) _weights[tensor.Name] = Read(tensor);
    }

    /// <summary>The logits after the last row.</summary>
    /// <param name="rows">Prefix rows as the decoder is given them (before its multiplication by the root of its width), then suffix rows.</param>
    /// <param name="prefix">How many of them are the prefix, which sees itself wholly.</param>
    /// <param name="window">On even layers, row j is hidden from row i where i - j is at least this; null for no window.</param>
    public double[] LogitsAfter(IReadOnlyList<double[]> rows, int prefix, int? window)
    {
        double[][] x = [.. rows.Select(row => row.Select(value => value * Math.Sqrt(_width)).ToArray())];
        for (int layer = 0; layer < _layers; layer++)
        {
            string block = $"blk.{layer}.";
            double[][] normed = Each(x, row => Norm(row, block + "attn_norm"));
            double[][] queries = Each(Products(normed, block + "attn_q"), Rotate);
            double[][] keys = Each(Products(normed, block + "attn_k"), Rotate);
            double[][] values = Products(normed, block + "attn_v");
            int? layerWindow = layer % 2 == 0 ? window : null;
            double[][] attended = Each(queries, (query, i) => Attend(
                query, keys, values, [.. Enumerable.Range(0, x.Length).Where(j => (i < prefix ? j < prefix : j <= i) && !(i - j >= layerWindow))]));
            double[][] outputs = Products(attended, block + "attn_output");
            x = Each(x, (row, i) => Sum(row, Norm(outputs[i], block + "post_attention_norm")));
            double[][] fed = FeedForward(Each(x, row => Norm(row, block + "ffn_norm")), block);
            x = Each(x, (row, i) => Sum(row, Norm(fed[i], block + "post_ffw_norm")));
        }

        return [.. Products([Norm(x[^1], "output_norm")], "token_embd")[0].Select(logit => Cap(logit, FinalCap))];
    }

    public double[] Embedding(int token) => _weights["token_embd.weight"].AsSpan(token * _width, _width).ToArray();

    private static double[][] Each(double[][] rows, Func<double[], double[]> transform) => Each(rows, (row, _) => transform(row));

    private static double[][] Each(double[][] rows, Func<double[], int, double[]> transform)
    {
        double[][] results = new double[rows.Length][];
        Parallel.For(0, rows.Length, index => results[index] = transform(rows[index], index));
        return results;
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (left, right) => left + right)];

    private static double Cap(double value, double limit) => limit * Math.Tanh(value / limit);

    private static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    private double[] Attend(double[] query, double[][] keys, double[][] values, int[] visible)
    {
        double[] result = new double[_heads * _headLength];
        for (int head = 0; head < _heads; head++)
        {
            int at = head * _headLength;
            int keyAt = head / (_heads / _keyHeads) * _headLength;
            double[] weights = new double[visible.Length];
            for (int index = 0; index < visible.Length; index++)
            {
                double score = TensorPrimitives.Dot<double>(query.AsSpan(at, _headLength), keys[visible[index]].AsSpan(keyAt, _headLength));
                weights[index] = Math.Exp(Cap(score / Math.Sqrt(_headLength), AttentionCap));
            }

            double total = weights.Sum();
            for (int index = 0; index < visible.Length; index++)
            {
                for (int d = 0; d < _headLength; d++) result[at + d] += weights[index] / total * values[visible[index]][keyAt + d];
            }
        }

        return result;
    }

    private double[][] FeedForward(double[][] rows, string block)
    {
        double[][] gates = Products(rows, block + "ffn_gate");
        double[][] ups = Products(rows, block + "ffn_up");
        return Products(Each(gates, (gate, i) => [.. gate.Zip(ups[i], (g, u) => Gelu(g) * u)]), block + "ffn_down");
    }

    /// <summary>Rotates the halves of each head against each other.</summary>
    private double[] Rotate(double[] row, int position)
    {
        int half = _headLength / 2;
        for (int start = 0; start < row.Length; start += _headLength)
        {
            for (int d = 0; d < half; d++)
            {
                (double sine, double cosine) = Math.SinCos(position * Math.Pow(_ropeBase, -2.0 * d / _headLength));
                (double a, double b) = (row[start + d], row[start + half + d]);
                row[start + d] = (a * cosine) - (b * sine);
                row[start + half + d] = (a * sine) + (b * cosine);
            }
        }

        return row;
    }

    /// <summary>The gain in the file is 1 + that of the checkpoint already.</summary>
    private double[] Norm(double[] row, string name)
    {
        double scale = 1 / Math.Sqrt((row.Sum(value => value * value) / row.Length) + _epsilon);
        return [.. row.Zip(_weights[name + ".weight"], (value, gain) => value * scale * gain)];
    }

    private double[][] Products(double[][] rows, string name)
    {
        double[] matrix = _weights[name + ".weight"];
        int length = rows[0].Length;
        double[][] results = Each(rows, _ => new double[matrix.Length / length]);
        Parallel.For(0, matrix.Length / length, output =>
        {
            for (int row = 0; row < rows.Length; row++) results[row][output] = TensorPrimitives.Dot<double>(matrix.AsSpan(output * length, length), rows[row]);
        });
        return results;
    }

    private double[] Read(GgufTensor tensor)
    {
        Assert.Equal(GgmlType.F32, tensor.Type);
        ReadOnlySpan<float> stored = MemoryMarshal.Cast<byte, float>(_file.GetRows(tensor, 0, (int)tensor.RowCount));
        double[] values = new double[stored.Length];
        for (int index = 0; index < values.Length; index++) values[index] = stored[index];
        return values;
    }
}
