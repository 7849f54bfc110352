using System.Runtime.ExceptionServices;

namespace PaliGguf.Evaluation.Metrics.NGrams;

/// <summary>Scores segments on all processors.</summary>
internal static class InParallel
{
    /// <summary>The results of 0, 1, ... in their order. What a call throws is thrown as it is.</summary>
    public static TResult[] Select<TResult>(int count, Func<int, TResult> call, CancellationToken cancellationToken)
    {
        TResult[] results = new TResult[count];
        try
        {
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, i => results[i] = call(i));
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }

        return results;
    }
}
