using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace PaliGguf.Tests;

/// <summary>The arrays of a trusted .safetensors file of goldens, by name.</summary>
internal sealed class SafetensorsArrays
{
    private readonly byte[] _file;
    private readonly int _dataStart;
    private readonly Dictionary<string, (string Type, long[] Shape, int Start, int End)> _arrays = [];

    private SafetensorsArrays(byte[] file)
    {
        _file = file;
        int headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        _dataStart = 8 + headerLength;
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, headerLength));
        foreach (JsonProperty entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
        {
            JsonElement offsets = entry.Value.GetProperty("data_offsets");
            _arrays[entry.Name] = (
                entry.Value.GetProperty("dtype").GetString()!,
                entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray(),
                offsets[0].GetInt32(),
                offsets[1].GetInt32());
        }
    }

    public IReadOnlyCollection<string> Names => _arrays.Keys;

    public static SafetensorsArrays Load(string path) => new(File.ReadAllBytes(path));

    public long[] Shape(string name) => _arrays[name].Shape;

    /// <summary>An array of type U8.</summary>
    public byte[] Bytes(string name) => Data(name, "U8").ToArray();

    /// <summary>An array of type F32.</summary>
    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Data(name, "F32")).ToArray();

    private ReadOnlySpan<byte> Data(string name, string type)
    {
        (string actual, _, int start, int end) = _arrays[name];
        if (actual != type) throw new InvalidOperationException($"{name} is {actual}, not {type}.");
        return _file.AsSpan((_dataStart + start)..(_dataStart + end));
    }
}
