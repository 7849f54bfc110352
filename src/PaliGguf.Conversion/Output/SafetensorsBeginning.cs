using System.Buffers.Binary;
using System.Text.Json;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Output;

/// <summary>What a safetensors file begins with: the length of its header, and the header, which tells where each tensor lies.</summary>
internal static class SafetensorsBeginning
{
    /// <summary>Makes it. The tensors follow it without gaps, in their order.</summary>
    /// <param name="tensors">Name, type and shape of each, the outermost dimension first.</param>
    /// <param name="metadata">Texts about the file; null for none.</param>
    public static byte[] Of(
        IEnumerable<(string Name, ElementType Type, IReadOnlyList<long> Shape)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using MemoryStream content = new();
        content.SetLength(sizeof(ulong));
        content.Position = sizeof(ulong);
        using (Utf8JsonWriter json = new(content))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata) json.WriteString(key, value);
                json.WriteEndObject();
            }

            long begin = 0;
            foreach ((string name, ElementType type, IReadOnlyList<long> shape) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", type.ToString());
                json.WriteStartArray("shape");
                foreach (long size in shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(begin);
                json.WriteNumberValue(begin += shape.Aggregate(1L, (product, size) => product * size) * type.Size());
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        byte[] beginning = content.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(beginning, beginning.Length - sizeof(ulong));
        return beginning;
    }
}
