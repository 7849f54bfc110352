using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PaliGguf.Conversion.Tests;

/// <summary>A tensor as its file has it.</summary>
internal sealed record RawTensor(string Type, long[] Shape, byte[] Data);

/// <summary>Safetensors files written and read without the code under test.</summary>
internal static class RawSafetensors
{
    public static Dictionary<string, RawTensor> Read(string path)
    {
        byte[] content = File.ReadAllBytes(path);
        int headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(content);
        using JsonDocument header = JsonDocument.Parse(content.AsMemory(8, headerLength));
        Dictionary<string, RawTensor> tensors = new(StringComparer.Ordinal);
        foreach (JsonProperty entry in header.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__") continue;
            int[] offsets = entry.Value.GetProperty("data_offsets").EnumerateArray().Select(value => value.GetInt32()).ToArray();
            tensors.Add(entry.Name, new RawTensor(
                entry.Value.GetProperty("dtype").GetString()!,
                entry.Value.GetProperty("shape").EnumerateArray().Select(value => value.GetInt64()).ToArray(),
                content[(8 + headerLength + offsets[0])..(8 + headerLength + offsets[1])]));
        }

        return tensors;
    }

    public static void Write(string path, IEnumerable<KeyValuePair<string, RawTensor>> tensors)
    {
        JsonObject header = new() { ["__metadata__"] = new JsonObject { ["format"] = "pt" } };
        using MemoryStream data = new();
        foreach ((string name, RawTensor tensor) in tensors)
        {
            header[name] = Entry(tensor.Type, tensor.Shape, data.Length, data.Length + tensor.Data.Length);
            data.Write(tensor.Data);
        }

        File.WriteAllBytes(path, Join(header.ToJsonString(), data.ToArray()));
    }

    public static JsonObject Entry(string type, long[] shape, long begin, long end) => new()
    {
        ["dtype"] = type,
        ["shape"] = new JsonArray([.. shape.Select(size => JsonValue.Create(size))]),
        ["data_offsets"] = new JsonArray(begin, end),
    };

    /// <summary>A file of any header and data, sound or not.</summary>
    public static byte[] Join(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)json.Length);
        return [.. prefix, .. json, .. data];
    }

    public static byte[] Bytes(params float[] values) => System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray();
}
