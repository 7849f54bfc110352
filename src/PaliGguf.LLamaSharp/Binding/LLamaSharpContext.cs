using LLama.Exceptions;
using LLama.Native;
using PaliGguf.Language;

namespace PaliGguf.LLamaSharp.Binding;

/// <summary>
/// A context of LLamaSharp. Its calls that compute wait for those of all other contexts of the process: LLamaSharp lets one in at a time.
/// </summary>
internal sealed class LLamaSharpContext(SafeLLamaContextHandle context, int embeddingLength) : ILlamaContext
{
    private readonly LLamaBatch _batch = new();

    public void SetThreads(int threads) => context.GenerationThreads = context.BatchThreads = threads;

    public int Use(AdapterSet adapters)
    {
        Span<(LoraAdapter, float)> used = new (LoraAdapter, float)[adapters.Count];
        for (int index = 0; index < adapters.Count; index++) used[index] = ((LoraAdapter)adapters[index].Adapter, adapters[index].Scale);
        context.SetLoraAdapters(used);
        return 0;
    }

    public int Decode(ReadOnlySpan<float> rows, int count, int sequence)
    {
        // A new one each time: one that is cleared remembers the outputs of before.
        LLamaBatchEmbeddings batch = new(embeddingLength);
        for (int row = 0; row < count; row++)
        {
            batch.Add(rows.Slice(row * embeddingLength, embeddingLength), row, (LLamaSeqId)sequence, logits: row == count - 1);
        }

        return End(context.Decode(batch));
    }

    public int Decode(ReadOnlySpan<SequenceToken> tokens)
    {
        _batch.Clear();
        foreach (SequenceToken token in tokens) _batch.Add(token.Token, token.Position, (LLamaSeqId)token.Sequence, logits: true);
        return End(context.Decode(_batch));
    }

    public ReadOnlySpan<float> Logits(int row)
    {
        try
        {
            return context.GetLogitsIth(row);
        }
        catch (GetLogitsInvalidIndexException)
        {
            return [];
        }
    }

    public void Remove(int sequence, int position) => context.MemorySequenceRemove((LLamaSeqId)sequence, position, -1);

    public void Share(int sequence, int with) => context.MemorySequenceCopy((LLamaSeqId)sequence, (LLamaSeqId)with, -1, -1);

    public void Dispose() => context.Dispose();

    private int End(DecodeResult result)
    {
        // The logits are read next, which would wait for a GPU as well.
        if (result == DecodeResult.Ok) context.Synchronize();
        return (int)result;
    }
}
