using System.Buffers.Binary;
using System.Text.Json;
using PaliGguf.Conversion.Output;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.Synthesis;

/// <summary>One safetensors file of a checkpoint, in bfloat16.</summary>
/// <param name="name">The file's name.</param>
internal sealed class SafetensorsShard(string name)
{
    private const int ElementBytes = 2;
    private readonly List<PlannedTensor> _tensors = [];

    public string Name => name;

    /// <summary>The names of its tensors.</summary>
    public IEnumerable<string> TensorNames => _tensors.Select(tensor => tensor.Name);

    public long DataBytes { get; private set; }

    public void Add(PlannedTensor tensor)
    {
        _tensors.Add(tensor);
        DataBytes += tensor.Source.Count * ElementBytes;
    }

    public void Write(string path, Action<long> written, CancellationToken cancellationToken)
    {
        using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        byte[] header = Header();
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        TensorWriter tensors = new(written);
        foreach (PlannedTensor tensor in _tensors) tensors.Write(tensor, GgmlType.BF16, default, stream, cancellationToken);
        stream.Flush(flushToDisk: true);
    }

    private byte[] Header()
    {
        using MemoryStream content = new();
        using (Utf8JsonWriter json = new(content))
        {
            json.WriteStartObject();
            long begin = 0;
            foreach (PlannedTensor tensor in _tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", "BF16");
                json.WriteStartArray("shape");
                foreach (long size in tensor.Source.Shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(begin);
                json.WriteNumberValue(begin += tensor.Source.Count * ElementBytes);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return content.ToArray();
    }
}
