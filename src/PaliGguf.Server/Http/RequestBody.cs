using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace PaliGguf.Server.Http;

/// <summary>A request's body in memory.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstCapacity = 16 << 10;

    private readonly BodyBudget _budget;
    private byte[] _bytes = [];
    private int _length;

    private RequestBody(BodyBudget budget) => _budget = budget;

    /// <summary>The bytes, valid until it is disposed.</summary>
    public ReadOnlyMemory<byte> Content => _bytes.AsMemory(0, _length);

    /// <summary>The media type, in lower case; "" for none.</summary>
    public string MediaType { get; private init; } = "";

    /// <summary>What separates the parts of a multipart body; "" where there is none.</summary>
    public string Boundary { get; private init; } = "";

    /// <summary>Reads the whole body. What it takes up grows with what has come, whatever its header promises.</summary>
    /// <exception cref="RejectionException">It is too large, compressed, or too much for the memory that all bodies share.</exception>
    public static async Task<RequestBody> ReadAsync(HttpContext context, BodyBudget budget, long most, CancellationToken cancellationToken)
    {
        HttpRequest request = context.Request;
        if (request.ContentLength > most) throw TooLarge(most);
        if (request.Headers.ContentEncoding.ToString() is not ("" or "identity")) throw Rejection.WrongType("Compressed bodies are not read: send it without Content-Encoding.");
        _ = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type);
        RequestBody body = new(budget)
        {
            MediaType = type?.MediaType.Value?.ToLowerInvariant() ?? "",
            Boundary = HeaderUtilities.RemoveQuotes(type?.Boundary ?? default).Value ?? "",
        };
        try
        {
            await body.FillAsync(request.BodyReader, most, cancellationToken);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>The same as a stream.</summary>
    public MemoryStream Open() => new(_bytes, 0, _length, writable: false);

    public void Dispose()
    {
        byte[] bytes = Interlocked.Exchange(ref _bytes, []);
        if (bytes.Length == 0) return;
        ArrayPool<byte>.Shared.Return(bytes);
        _budget.Release(bytes.Length);
    }

    private async Task FillAsync(PipeReader reader, long most, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken);
            if (_length + read.Buffer.Length > most) throw TooLarge(most);
            EnsureCapacity((int)(_length + read.Buffer.Length));
            read.Buffer.CopyTo(_bytes.AsSpan(_length));
            _length += (int)read.Buffer.Length;
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;
        }
    }

    private void EnsureCapacity(int needed)
    {
        if (needed <= _bytes.Length) return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(FirstCapacity, 2 * _bytes.Length)));
        if (!_budget.TryTake(larger.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            throw Rejection.Unavailable("too_many_bodies", "The server holds as many bodies of requests as it has room for.", TimeSpan.FromSeconds(1));
        }

        byte[] smaller = _bytes;
        smaller.AsSpan(0, _length).CopyTo(larger);
        _bytes = larger;
        if (smaller.Length == 0) return;
        ArrayPool<byte>.Shared.Return(smaller);
        _budget.Release(smaller.Length);
    }

    private static RejectionException TooLarge(long most) => Rejection.TooLarge($"The body has more than the {most} bytes that this server takes (--max-body).");
}

/// <summary>The memory that the bodies of all requests share.</summary>
/// <param name="most">How many bytes.</param>
internal sealed class BodyBudget(long most)
{
    private long _taken;

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= most) return true;
        Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    public void Release(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
