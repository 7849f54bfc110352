using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Encoders;

/// <summary>A BERT's forward pass in double precision, straight from the paper and from no code of the library's.</summary>
internal sealed class PlainBert(BertFolder folder)
{
    private readonly int _width = (int)folder.Config["hidden_size"]!;
    private readonly int _heads = (int)folder.Config["num_attention_heads"]!;

    /// <summary>The states of a layer: 0 for the embeddings.</summary>
    public double[][] States(int[] tokens, int layer)
    {
        double[][] rows = [.. tokens.Select((token, position) => Norm("embeddings.LayerNorm", Sum(
            Row("embeddings.word_embeddings.weight", token),
            Row("embeddings.position_embeddings.weight", position),
            Row("embeddings.token_type_embeddings.weight", 0))))];
        for (int i = 0; i < layer; i++) rows = Layer(rows, $"encoder.layer.{i}.");
        return rows;
    }

    private double[][] Layer(double[][] rows, string prefix)
    {
        double[][] queries = Map(prefix + "attention.self.query");
        double[][] keys = Map(prefix + "attention.self.key");
        double[][] values = Map(prefix + "attention.self.value");
        int size = _width / _heads;
        double[][] attended = [.. rows.Select(_ => new double[_width])];
        for (int head = 0; head < _heads; head++)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                double[] scores = [.. keys.Select(key => Dot(queries[i], key) / Math.Sqrt(size))];
                double[] weights = [.. scores.Select(score => Math.Exp(score - scores.Max()))];
                for (int j = 0; j < rows.Length; j++)
                {
                    for (int k = head * size; k < (head + 1) * size; k++) attended[i][k] += weights[j] / weights.Sum() * values[j][k];
                }

                double Dot(double[] a, double[] b) => Enumerable.Range(head * size, size).Sum(k => a[k] * b[k]);
            }
        }

        return [.. rows.Select((row, i) =>
        {
            double[] inner = Norm(prefix + "attention.output.LayerNorm", Sum(row, Product(prefix + "attention.output.dense", attended[i])));
            double[] activated = [.. Product(prefix + "intermediate.dense", inner).Select(x => x / 2 * (1 + Erf(x / Math.Sqrt(2))))];
            return Norm(prefix + "output.LayerNorm", Sum(inner, Product(prefix + "output.dense", activated)));
        })];

        double[][] Map(string name) => [.. rows.Select(row => Product(name, row))];
    }

    private double[] Product(string name, double[] row)
    {
        (int[] shape, float[] data) = folder.Tensors[name + ".weight"];
        float[] bias = folder.Tensors[name + ".bias"].Data;
        return [.. Enumerable.Range(0, shape[0]).Select(i => bias[i] + row.Select((x, j) => x * data[(i * shape[1]) + j]).Sum())];
    }

    private double[] Norm(string name, double[] row)
    {
        double mean = row.Average();
        double deviation = Math.Sqrt(row.Average(x => (x - mean) * (x - mean)) + (double)folder.Config["layer_norm_eps"]!);
        float[] weight = folder.Tensors[name + ".weight"].Data;
        float[] bias = folder.Tensors[name + ".bias"].Data;
        return [.. row.Select((x, i) => ((x - mean) / deviation * weight[i]) + bias[i])];
    }

    private double[] Row(string name, int number) =>
        [.. folder.Tensors[name].Data.Skip(number * _width).Take(_width).Select(value => (double)value)];

    private static double[] Sum(params double[][] rows) => [.. rows[0].Select((_, i) => rows.Sum(row => row[i]))];

    /// <summary>erf(x) = 2/sqrt(pi) * sum over n of (-1)^n x^(2n+1) / (n! (2n+1)), to the last digit but few within 5.</summary>
    public static double Erf(double x)
    {
        if (Math.Abs(x) > 5) return Math.Sign(x);
        double term = x;
        double sum = x;
        for (int n = 1; n < 200; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
