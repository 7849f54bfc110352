using PaliGguf.Gguf;
using PaliGguf.Training.Runtime;
using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Network;

/// <summary>
/// The embedding, which is the output matrix too. A vocabulary of a quarter of a million rows is not held as floats: the loss and its
/// gradient go through it in pieces, and only the logits of some targets are there at once.
/// </summary>
internal sealed class OutputHead
{
    private const int ChunkRows = 8192;

    // 64 MB of them.
    private const long MostLogits = 1 << 24;

    private readonly WeightFile _file;
    private readonly GgufTensor _tensor;
    private readonly DecoderShape _shape;
    private readonly Weight _embedding;
    private readonly ScalarType _type;
    private readonly LocationSpread? _spread;
    private readonly Tensor? _chunk;

    public OutputHead(
        DecoderShape shape, WeightFile file, WeightSet weights, ScalarType type, bool streamed, LocationSpread? spread = null)
    {
        _spread = spread;
        _shape = shape;
        _file = file;
        _type = type;
        _tensor = file.File.GetTensor("token_embd.weight");
        _embedding = weights.Vector(_tensor.Name, "text.embed_tokens.weight");
        if (streamed) _chunk = empty(Math.Min(ChunkRows, shape.VocabularySize), shape.Width, dtype: type).DetachFromDisposeScope();
    }

    /// <summary>The embedding.</summary>
    public Weight Embedding => _embedding;

    /// <summary>The rows of tokens, as the first layer sees them: times sqrt(width).</summary>
    /// <param name="tokens">Their ids.</param>
    /// <returns>[tokens, width].</returns>
    public Tensor Embed(IReadOnlyList<int> tokens)
    {
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            Tensor rows = _chunk is null || _embedding.IsTrained
                ? _embedding.As(_type).index_select(0, Ids(tokens)).to(_type)
                : Read(tokens);
            return rows.Times(Math.Sqrt(_shape.Width)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Adds what the input rows give to the embedding's gradient.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="gradient">Of their rows, [tokens, width].</param>
    public void BackwardEmbed(IReadOnlyList<int> tokens, Tensor gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor scaled = gradient.to(ScalarType.Float32).Times(Math.Sqrt(_shape.Width));
        Gradient().AddRows(Ids(tokens), scaled);
    }

    /// <summary>The most probable token after each row.</summary>
    /// <param name="rows">[rows, width], normed.</param>
    public int[] Best(Tensor rows)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        return [.. Logits(rows.to(_type)).argmax(-1).Numbers<long>().Select(token => (int)token)];
    }

    /// <summary>Cross-entropy of targets, and its gradient.</summary>
    /// <param name="rows">[targets, width]: the rows that predict them, normed.</param>
    /// <param name="targets">The tokens.</param>
    /// <param name="weights">What each counts in the loss.</param>
    /// <param name="gradient">Of the weighted sum by <paramref name="rows"/>; null if it is not wanted.</param>
    /// <returns>Of each target the negative logarithm of its probability.</returns>
    public float[] Loss(Tensor rows, IReadOnlyList<int> targets, IReadOnlyList<double> weights, Tensor? gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        float[] losses = new float[targets.Count];
        int step = (int)Math.Max(1, MostLogits / _shape.VocabularySize / RowGroups.Targets) * RowGroups.Targets;
        for (int first = 0; first < targets.Count; first += step)
        {
            using DisposeScope inner = NewDisposeScope();
            int count = Math.Min(step, targets.Count - first);
            int padding = RowGroups.Up(count, RowGroups.Targets) - count;
            Tensor part = cat([rows.narrow(0, first, count).to(_type), zeros(padding, _shape.Width, dtype: _type)]);
            Tensor wanted = Ids([.. targets.Skip(first).Take(count), .. new int[padding]]).unsqueeze(1);
            Tensor logits = Logits(part);
            Tensor likelihoods = nn.functional.log_softmax(logits, -1);
            likelihoods.gather(1, wanted).neg().narrow(0, 0, count).Numbers<float>().CopyTo(losses, first);
            if (gradient is null) continue;

            // d loss / d logit = probability - wanted probability; d cap(z) / d z = 1 - (cap(z) / cap)^2.
            Tensor slope = likelihoods.exp_();
            Subtract(slope, wanted, [.. targets.Skip(first).Take(count)]);
            slope.mul_(tensor([.. weights.Skip(first).Take(count).Select(weight => (float)weight), .. new float[padding]]).unsqueeze(1));
            if (_shape.FinalSoftCap is { } cap) slope.mul_(logits.Multiply(1 / cap).mul_(logits).neg_().Add(1));
            Back(slope, part, gradient.narrow(0, first, count));
        }

        return losses;
    }

    // Targets that want fewer tokens than others want nothing of the first one, some times over.
    private void Subtract(Tensor slope, Tensor wanted, int[] targets)
    {
        if (_spread is null)
        {
            slope.scatter_add_(1, wanted, tensor([.. Enumerable.Repeat(-1f, (int)wanted.shape[0])]).unsqueeze(1));
            return;
        }

        (int Token, float Share)[][] spread = [.. targets.Select(target => _spread.Of(target).ToArray())];
        int most = spread.Max(each => each.Length);
        long[] tokens = new long[wanted.shape[0] * most];
        float[] shares = new float[tokens.Length];
        for (int row = 0; row < spread.Length; row++)
        {
            for (int i = 0; i < spread[row].Length; i++)
                (tokens[(row * most) + i], shares[(row * most) + i]) = (spread[row][i].Token, -spread[row][i].Share);
        }

        long[] form = [wanted.shape[0], most];
        slope.scatter_add_(1, tensor(tokens, form), tensor(shares, form));
    }

    private Tensor Logits(Tensor rows)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = empty(rows.shape[0], _shape.VocabularySize);
        foreach ((long first, Tensor chunk) in Chunks())
        {
            using DisposeScope inner = NewDisposeScope();
            logits.narrow(1, first, chunk.shape[0]).copy_(nn.functional.linear(rows, chunk));
        }

        if (_shape.FinalSoftCap is { } cap) logits.Multiply(1 / cap).tanh_().Multiply(cap);
        return logits.MoveToOuterDisposeScope();
    }

    private void Back(Tensor slope, Tensor rows, Tensor gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor sum = zeros(rows.shape);
        foreach ((long first, Tensor chunk) in Chunks())
        {
            using DisposeScope inner = NewDisposeScope();
            sum.Add(matmul(slope.narrow(1, first, chunk.shape[0]).to(chunk.dtype), chunk));
        }

        gradient.copy_(sum.narrow(0, 0, gradient.shape[0]));
        if (_embedding.IsTrained) Gradient().Add(matmul(slope.t(), rows.to(ScalarType.Float32)));
    }

    private IEnumerable<(long First, Tensor Rows)> Chunks()
    {
        if (_chunk is null || _embedding.IsTrained)
        {
            yield return (0, _embedding.As(_type));
            yield break;
        }

        for (long first = 0; first < _shape.VocabularySize; first += _chunk.shape[0])
        {
            Tensor part = _chunk.narrow(0, 0, Math.Min(_chunk.shape[0], _shape.VocabularySize - first));
            _file.Fill(_tensor, first, part);
            yield return (first, part);
        }
    }

    private Tensor Read(IReadOnlyList<int> tokens)
    {
        Tensor rows = empty(tokens.Count, _shape.Width, dtype: _type);
        for (int i = 0; i < tokens.Count; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            _file.Fill(_tensor, tokens[i], rows.narrow(0, i, 1));
        }

        return rows;
    }

    private Tensor Gradient() => _embedding.Trained.grad ??= zeros_like(_embedding.Trained).DetachFromDisposeScope();

    private static Tensor Ids(IReadOnlyList<int> tokens) => tensor([.. tokens.Select(token => (long)token)]);
}
