using PaliGguf.Gguf;
using PaliGguf.Interop;

namespace PaliGguf.Tests;

/// <summary>Writes a copy of a GGUF file in which a few things are otherwise.</summary>
internal sealed class GgufEdits
{
    private readonly Dictionary<string, Action<GgufWriter>?> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (GgmlType Type, long[] Shape)?> _tensors = new(StringComparer.Ordinal);
    private Func<string, string> _rename = name => name;
    private Func<GgufTensor, GgmlType> _store = tensor => tensor.Type;

    public GgufEdits Without(string key) => Change(key, null);

    public GgufEdits With(string key, uint value) => Change(key, writer => writer.Set(key, value));

    public GgufEdits With(string key, float value) => Change(key, writer => writer.Set(key, value));

    public GgufEdits With(string key, string value) => Change(key, writer => writer.Set(key, value));

    public GgufEdits With(string key, bool value) => Change(key, writer => writer.Set(key, value));

    public GgufEdits With<T>(string key, T[] values)
        where T : unmanaged => Change(key, writer => writer.SetArray<T>(key, values));

    public GgufEdits With(string key, string[] values) => Change(key, writer => writer.SetArray(key, values));

    public GgufEdits WithoutTensor(string name)
    {
        _tensors[name] = null;
        return this;
    }

    /// <summary>What the bytes of new tensors are: 0 unless told; 0xFF makes floats that are no numbers.</summary>
    public byte Fill { get; init; }

    /// <summary>A tensor of zeros, in place of one of this name if there is one.</summary>
    public GgufEdits WithTensor(string name, GgmlType type, params long[] shape)
    {
        _tensors[name] = (type, shape);
        return this;
    }

    public GgufEdits Rename(Func<string, string> rename)
    {
        _rename = rename;
        return this;
    }

    /// <summary>Stores the numbers of tensors in another type.</summary>
    public GgufEdits Store(Func<GgufTensor, GgmlType> type)
    {
        _store = type;
        return this;
    }

    public string Write(string source, string path)
    {
        using GgufFile file = GgufFile.Open(source);
        GgufWriter writer = new();
        foreach (GgufMetadataEntry entry in file.Metadata.Entries.Where(entry => !_keys.ContainsKey(entry.Key))) writer.Copy(entry);
        foreach (Action<GgufWriter>? set in _keys.Values) set?.Invoke(writer);
        foreach (GgufTensor tensor in file.Tensors.Where(tensor => !_tensors.ContainsKey(tensor.Name)))
        {
            byte[] stored = Stored(file, tensor, _store(tensor));
            writer.AddTensor(_rename(tensor.Name), _store(tensor), tensor.Shape.AsSpan(), (stream, _) => stream.Write(stored));
        }

        foreach ((string name, (GgmlType Type, long[] Shape)? tensor) in _tensors)
        {
            if (tensor is not { } added) continue;
            byte[] bytes = new byte[added.Type.TensorByteLength(added.Shape)];
            Array.Fill(bytes, Fill);
            writer.AddTensor(name, added.Type, added.Shape, (stream, _) => stream.Write(bytes));
        }

        writer.Write(path);
        return path;
    }

    private static byte[] Stored(GgufFile file, GgufTensor tensor, GgmlType type)
    {
        ReadOnlySpan<byte> stored = file.GetRows(tensor, 0, (int)tensor.RowCount);
        if (type == tensor.Type) return stored.ToArray();
        float[] values = new float[tensor.RowLength * tensor.RowCount];
        GgmlRows.Dequantize(tensor.Type, stored, values);
        byte[] converted = new byte[type.TensorByteLength(tensor.Shape.AsSpan())];
        GgmlRows.Quantize(type, values, tensor.RowLength, [], converted);
        return converted;
    }

    private GgufEdits Change(string key, Action<GgufWriter>? set)
    {
        _keys[key] = set;
        return this;
    }
}
