using System.Net.Sockets;
using System.Text;

namespace PaliGguf.Server.Tests.Http;

/// <summary>A connection over which anything can be sent.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private RawConnection(TcpClient client) => (_client, _stream) = (client, client.GetStream());

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        TcpClient client = new();
        await client.ConnectAsync(address.Host, address.Port);
        return new RawConnection(client);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Sends until the other side has had enough.</summary>
    /// <returns>How many bytes it took.</returns>
    public async Task<long> FloodAsync(byte[] piece, long most)
    {
        long sent = 0;
        try
        {
            for (; sent < most; sent += piece.Length) await SendAsync(piece);
        }
        catch (IOException)
        {
            // The connection is closed.
        }

        return sent;
    }

    /// <summary>The status of the answer; 0 where the connection is closed without one.</summary>
    public async Task<int> StatusAsync()
    {
        byte[] buffer = new byte[4096];
        int length = 0;
        try
        {
            while (length < 12 && await _stream.ReadAsync(buffer.AsMemory(length)) is > 0 and var read) length += read;
        }
        catch (IOException)
        {
            return 0;
        }

        return length >= 12 ? int.Parse(Encoding.ASCII.GetString(buffer, 9, 3)) : 0;
    }

    /// <summary>Leaves in the middle of things.</summary>
    public void Abort()
    {
        _client.Client.LingerState = new LingerOption(true, 0);
        _client.Close();
    }

    public void Dispose() => _client.Dispose();
}
