using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>How fast this machine reads its memory, in bytes per second: what bounds a decoder, which reads all its weights for each token.</summary>
/// <param name="OneThread">By one thread.</param>
/// <param name="AllThreads">By all processors together.</param>
internal sealed record MemoryBandwidth(double OneThread, double AllThreads)
{
    // Much more than the processors' caches hold.
    private const long MostBytes = 512L << 20;
    private const int Passes = 5;

    /// <summary>Measures it, for a part of a second: the fastest of a few passes over memory that no cache holds.</summary>
    public static unsafe MemoryBandwidth Measure()
    {
        long length = Math.Min(MostBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);
        long slice = length / Environment.ProcessorCount / (4 * Vector<ulong>.Count * sizeof(ulong)) * (4 * Vector<ulong>.Count);
        length = slice * sizeof(ulong) * Environment.ProcessorCount;
        ulong* memory = (ulong*)NativeMemory.AlignedAlloc((nuint)length, 64);
        try
        {
            // Pages that were never written are all one.
            Parallel.For(0, Environment.ProcessorCount, index => new Span<ulong>(memory + (index * slice), checked((int)slice)).Fill((ulong)index + 1));
            return new MemoryBandwidth(Best(memory, slice, 1), Best(memory, slice, Environment.ProcessorCount));
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    /// <summary>The bytes per second of so many threads, each with a slice of the memory.</summary>
    private static unsafe double Best(ulong* memory, long slice, int threads)
    {
        double best = 0;
        for (int pass = 0; pass < Passes; pass++)
        {
            using Barrier together = new(threads);
            ulong[] sums = new ulong[threads];
            (long Start, long End)[] times = new (long, long)[threads];
            Thread[] readers = [.. Enumerable.Range(0, threads).Select(index => new Thread(() =>
            {
                together.SignalAndWait();
                long start = Stopwatch.GetTimestamp();
                sums[index] = Sum(memory + (index * slice), slice);
                times[index] = (start, Stopwatch.GetTimestamp());
            }))];
            foreach (Thread reader in readers) reader.Start();
            foreach (Thread reader in readers) reader.Join();
            double seconds = Stopwatch.GetElapsedTime(times.Min(time => time.Start), times.Max(time => time.End)).TotalSeconds;
            // The sums are what keeps the reads from being left out.
            if (sums.All(sum => sum != 0)) best = Math.Max(best, threads * slice * sizeof(ulong) / seconds);
        }

        return Math.Round(best);
    }

    private static unsafe ulong Sum(ulong* from, long count)
    {
        Vector<ulong> a = default, b = default, c = default, d = default;
        int width = Vector<ulong>.Count;
        for (ulong* end = from + count; from < end; from += 4 * width)
        {
            a += Vector.Load(from);
            b += Vector.Load(from + width);
            c += Vector.Load(from + (2 * width));
            d += Vector.Load(from + (3 * width));
        }

        return Vector.Sum(a + b + c + d);
    }
}
