using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PaliGguf.Vision;

/// <summary>
/// The soft tokens of the pictures seen last, by content. Whoever asks for a picture that is being computed waits for that; it is given up when nobody waits any more. Safe for use by
/// several threads.
/// </summary>
/// <param name="capacity">The most bytes to keep; 0 for none.</param>
internal sealed class SoftTokenCache(long capacity)
{
    private readonly Lock _gate = new();
    private readonly RecentArrays<Int128> _recent = new(capacity);
    private readonly Dictionary<Int128, Computation> _running = [];

    /// <summary>The most bytes that are kept; with 0 nobody needs to compute a key, for which a cryptographic library may have to be loaded.</summary>
    public long Capacity => _recent.Capacity;

    /// <summary>What identifies a resized picture: the first 128 bits of its pixels' SHA-256.</summary>
    public static Int128 Key(RgbImage resized)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(resized.Pixels, hash);
        return BinaryPrimitives.ReadInt128LittleEndian(hash);
    }

    /// <summary>The soft tokens of a picture.</summary>
    /// <param name="key">The picture.</param>
    /// <param name="compute">Computes them where they are not known; its token is cancelled when nobody waits for them any more.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The soft tokens, which nobody may change, and whether they were known or on their way.</returns>
    public async Task<(float[] SoftTokens, bool Known)> GetAsync(Int128 key, Func<CancellationToken, Task<float[]>> compute, CancellationToken cancellationToken)
    {
        Computation? computation;
        bool known = true;
        lock (_gate)
        {
            if (_recent.TryGet(key, out float[]? found)) return (found, true);
            if (!_running.TryGetValue(key, out computation))
            {
                known = false;
                _running.Add(key, computation = new Computation());
                computation.SoftTokens = Task.Run(() => RunAsync(key, computation, compute), CancellationToken.None);
            }

            computation.Waiting++;
        }

        try
        {
            return (await computation.SoftTokens.WaitAsync(cancellationToken).ConfigureAwait(false), known);
        }
        finally
        {
            // The last one to give up sees it end: it uses the tower.
            if (Leave(key, computation)) await ((Task)computation.SoftTokens).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<float[]> RunAsync(Int128 key, Computation computation, Func<CancellationToken, Task<float[]>> compute)
    {
        try
        {
            float[] softTokens = await compute(computation.Stop.Token).ConfigureAwait(false);
            lock (_gate) _recent.Add(key, softTokens);
            return softTokens;
        }
        finally
        {
            lock (_gate) Forget(key, computation);
        }
    }

    /// <returns>Whether this was the last one, and it was still running.</returns>
    private bool Leave(Int128 key, Computation computation)
    {
        lock (_gate)
        {
            if (--computation.Waiting > 0 || computation.SoftTokens.IsCompleted) return false;
            // Who asks from now on has it computed anew.
            Forget(key, computation);
        }

        computation.Stop.Cancel();
        return true;
    }

    private void Forget(Int128 key, Computation computation)
    {
        if (_running.GetValueOrDefault(key) == computation) _running.Remove(key);
    }

    private sealed class Computation
    {
        public Task<float[]> SoftTokens { get; set; } = null!;

        public CancellationTokenSource Stop { get; } = new();

        public int Waiting { get; set; }
    }
}
