using System.Numerics.Tensors;
using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Conversion;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

/// <summary>Log-probabilities after a golden prefix, each from a sequence that is decoded alone and from its beginning.</summary>
internal sealed class ReferenceScores : IDisposable
{
    private readonly TextModel _model;
    private readonly TextContext _context;
    private readonly float[] _prefix;
    private readonly int _rows;
    private readonly Dictionary<string, double[]> _known = [];

    private ReferenceScores(TextModel model, GoldenSet golden, GoldenCase item)
    {
        _model = model;
        _context = new TextContext(model, new TextContextOptions(512, 1, 1, GgmlType.F16, Offload: false), NullLogger.Instance);
        _rows = item.PrefixLength;
        _prefix = new float[_rows * model.Embeddings.Length];
        float[] image = golden.Arrays.Floats($"image{item.ImageIndex}.projector_out");
        TensorPrimitives.Divide(image, MathF.Sqrt(model.Embeddings.Length), _prefix.AsSpan(0, image.Length));
        model.Embeddings.CopyRows(item.TextIds, _prefix.AsSpan(image.Length));
    }

    public Vocabulary Vocabulary => _model.Vocabulary;

    public static async Task<ReferenceScores> LoadAsync(string name, int goldenCase)
    {
        GoldenSet golden = GoldenSet.Load(name);
        GgufFile file = GgufFile.Open((await ConvertedModels.Golden(name, ModelFileType.F32)).TextPath);
        TextModel model = TextModel.Load(file, TextModelLayout.Read(file), gpuLayers: 0, NullLogger.Instance, progress: null, CancellationToken.None);
        return new ReferenceScores(model, golden, golden.Cases[goldenCase]);
    }

    /// <summary>The log-probability of each token after some tokens of the answer.</summary>
    public double[] After(params int[] answer)
    {
        string key = string.Join(',', answer);
        if (_known.TryGetValue(key, out double[]? known)) return known;
        Assert.Equal(DecodeStatus.Done, _context.DecodePrefix(_prefix, _rows, 0));
        double[] logits = Doubles(_context.Logits(_rows - 1));
        for (int index = 0; index < answer.Length; index++)
        {
            Assert.Equal(DecodeStatus.Done, _context.DecodeTokens([new SequenceToken(answer[index], _rows + index, 0)]));
            logits = Doubles(_context.Logits(0));
        }

        _context.Remove(0);
        double logSum = Math.Log(logits.Sum(Math.Exp));
        return _known[key] = Array.ConvertAll(logits, logit => logit - logSum);
    }

    /// <summary>The log-probability of a whole answer and its end.</summary>
    public double Whole(params int[] answer) =>
        answer.Select((token, index) => After(answer[..index])[token]).Sum() + After(answer)[Vocabulary.EndOfSequence];

    public void Dispose()
    {
        _context.Dispose();
        _model.Dispose();
    }

    private static double[] Doubles(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), value => (double)value);
}
