using System.Net;
using System.Net.Http.Headers;
using PaliGguf.Hub.Http;

namespace PaliGguf.Hub.Repositories;

/// <summary>A file as it should be.</summary>
/// <param name="Address">Where the hub has it.</param>
/// <param name="Subject">What it is called in messages.</param>
/// <param name="Page">The page of its repository.</param>
/// <param name="Commit">The commit that it is of.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Sha256">Its SHA-256; null where the hub tells none.</param>
internal sealed record RemoteFile(Uri Address, string Subject, Uri Page, string Commit, long Size, string? Sha256);

/// <summary>
/// A part of a file at a hub, front to back. When the line breaks, the rest is asked for anew, under the condition that the file is
/// still the same; what the headers say of it must be true of
/// the file each time.
/// </summary>
/// <param name="hub">The hub.</param>
/// <param name="file">The file.</param>
/// <param name="offset">The first byte.</param>
/// <param name="length">How many there are.</param>
/// <param name="attempts">Waits where the line breaks.</param>
/// <param name="ended">Ends what blocks.</param>
internal sealed class RangeStream(
    HubConnection hub, RemoteFile file, long offset, long length, Attempts attempts, CancellationToken ended = default) : Stream
{
    private readonly long _end = offset + length;
    private long _position = offset;
    private EntityTagHeaderValue? _tag;
    private HubAnswer? _answer;
    private Stream? _content;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => length - (_end - _position);
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        buffer = buffer[..(int)Math.Min(buffer.Length, _end - _position)];
        if (buffer.IsEmpty) return 0;
        return await attempts.RunAsync(
            async () =>
            {
                try
                {
                    _content ??= await OpenAsync(cancellationToken).ConfigureAwait(false);
                    int count = await hub.ReadAsync(_content, buffer, _answer!.Address, cancellationToken).ConfigureAwait(false);
                    if (count == 0)
                        throw new Interruption($"the connection to {_answer.Address.Host} ended at byte {_position} of {file.Size}");
                    _position += count;
                    attempts.Progress(count);
                    return count;
                }
                catch
                {
                    Disconnect();
                    throw;
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count), ended).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) Disconnect();
        base.Dispose(disposing);
    }

    private void Disconnect()
    {
        _content?.Dispose();
        _answer?.Dispose();
        (_content, _answer) = (null, null);
    }

    private async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        // All of a file is no part: servers without parts can send it too.
        RangeHeaderValue? range = _position == 0 && _end == file.Size ? null : new RangeHeaderValue(_position, _end - 1);
        _answer = await hub.GetAsync(
            file.Address, response => Refusal.Of(response, hub.Endpoint, file.Subject, file.Page, hub.HasToken), range, _tag,
                cancellationToken).ConfigureAwait(false);
        CheckLinked(_answer);
        Check(_answer.Response, range);
        return await _answer.Response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
    }

    private void CheckLinked(HubAnswer answer)
    {
        if (answer.Commit is { } commit && commit != file.Commit) throw Wrong($"of commit {Short(commit)}, not of {Short(file.Commit)}");
        if (answer.LinkedSize is { } size && size != file.Size) throw Wrong($"{size} bytes long, not {file.Size} as listed");
        if (answer.LinkedHash is { } hash && file.Sha256 is not null && !hash.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
            throw Wrong("another file than the one that is listed: its SHA-256 differs");
    }

    private void Check(HttpResponseMessage response, RangeHeaderValue? range)
    {
        HttpContentHeaders headers = response.Content.Headers;
        if (headers.ContentEncoding.Count > 0)
            throw Wrong($"sent packed ({string.Join(", ", headers.ContentEncoding)}) although it was asked for as it is");
        if (response.StatusCode == HttpStatusCode.OK)
        {
            string changed = _tag is null ? "" : "it changed while it was read, or ";
            if (_position > 0)
                throw Wrong($"sent whole although a part was asked for: {changed}the server (a mirror or proxy?) knows no parts");
            if (headers.ContentLength is { } length && length != file.Size) throw Wrong($"{length} bytes long, not {file.Size} as listed");
        }
        else if (range is null || headers.ContentRange is not { HasRange: true } sent || sent.From != _position || sent.To != _end - 1
            || (sent.HasLength && sent.Length != file.Size))
        {
            string what = headers.ContentRange?.ToString() ?? $"status {(int)response.StatusCode}";
            throw Wrong($"sent as another part than bytes {_position} to {_end - 1} of {file.Size} ({what})");
        }

        EntityTagHeaderValue? tag = response.Headers.ETag is { IsWeak: false } strong ? strong : null;
        if (_tag is not null && tag is not null && !tag.Equals(_tag)) throw Wrong("another one than before: it changed while it was read");
        _tag ??= tag;
    }

    private HubException Wrong(string problem) => new($"{file.Subject} is {problem}");

    private static string Short(string commit) => Conversion.Sources.OneLine.Show(commit.Length > 12 ? commit[..12] : commit);
}
