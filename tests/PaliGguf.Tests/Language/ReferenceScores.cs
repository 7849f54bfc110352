using System.Numerics.Tensors;
using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Conversion;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

/// <summary>Log-probabilities after a golden prefix, each from a sequence that is decoded alone.</summary>
internal sealed class ReferenceScores : IDisposable
{
    private readonly TextModel _model;
    private readonly TextContext _context;
    private readonly int _rows;
    private readonly Dictionary<string, double[]> _known = [];

    private ReferenceScores(TextModel model, GoldenSet golden, GoldenCase item)
    {
        _model = model;
        _context = new TextContext(model, new TextContextOptions(512, 1, 1, GgmlType.F16, Offload: false), NullLogger.Instance);
        _rows = item.PrefixLength;
        float[] prefix = new float[_rows * model.Embeddings.Length];
        float[] image = golden.Arrays.Floats($"image{item.ImageIndex}.projector_out");
        TensorPrimitives.Divide(image, MathF.Sqrt(model.Embeddings.Length), prefix.AsSpan(0, image.Length));
        model.Embeddings.CopyRows(item.TextIds, prefix.AsSpan(image.Length));
        Assert.Equal(DecodeStatus.Done, _context.DecodePrefix(prefix, _rows, 0));
        _known[""] = LogProbabilities(_context.Logits(_rows - 1));
    }

    public Vocabulary Vocabulary => _model.Vocabulary;

    public static async Task<ReferenceScores> LoadAsync(string name, int goldenCase)
    {
        GoldenSet golden = GoldenSet.Load(name);
        GgufFile file = GgufFile.Open((await ConvertedModels.Golden(name, ModelFileType.F32)).TextPath);
        TextModel model = TextModel.Load(file, TextModelLayout.Read(file), Models.OneThread with { GpuLayers = 0 }, NullLogger.Instance, progress: null, CancellationToken.None);
        return new ReferenceScores(model, golden, golden.Cases[goldenCase]);
    }

    /// <summary>The log-probability of each token after some tokens of the answer.</summary>
    public double[] After(params int[] answer)
    {
        string key = string.Join(',', answer);
        if (_known.TryGetValue(key, out double[]? known)) return known;
        for (int index = 0; index < answer.Length; index++)
        {
            Assert.Equal(DecodeStatus.Done, _context.DecodeTokens([new SequenceToken(answer[index], _rows + index, 0)]));
        }

        known = _known[key] = LogProbabilities(_context.Logits(0));
        _context.Remove(0, _rows);
        return known;
    }

    /// <summary>The log-probability of a whole answer and its end.</summary>
    public double Whole(params int[] answer) =>
        answer.Select((token, index) => After(answer[..index])[token]).Sum() + After(answer)[Vocabulary.EndOfSequence];

    public void Dispose()
    {
        _context.Dispose();
        _model.Dispose();
    }

    private static double[] LogProbabilities(ReadOnlySpan<float> logits)
    {
        double logSum = Math.Log(logits.ToArray().Sum(logit => Math.Exp(logit)));
        return Array.ConvertAll(logits.ToArray(), logit => logit - logSum);
    }
}
