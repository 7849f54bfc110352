using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace PaliGguf.Parquet;

/// <summary>Values of Arrow as JSON. What JSON has no form for is an object that names its type, so that whoever needs it can say so.</summary>
internal static class ArrowJson
{
    /// <summary>Writes a value.</summary>
    public static void Write(Utf8JsonWriter json, IArrowArray array, int index)
    {
        if (array.IsNull(index))
        {
            json.WriteNullValue();
            return;
        }

        switch (array)
        {
            case BooleanArray values: json.WriteBooleanValue(values.GetValue(index)!.Value); break;
            case Int8Array values: json.WriteNumberValue(values.GetValue(index)!.Value); break;
            case Int16Array values: json.WriteNumberValue(values.GetValue(index)!.Value); break;
            case Int32Array values: json.WriteNumberValue(values.GetValue(index)!.Value); break;
            case Int64Array values: json.WriteNumberValue(values.GetValue(index)!.Value); break;
            case UInt8Array values: json.WriteNumberValue(values.GetValue(index)!.Value); break;
            case UInt16Array values: json.WriteNumberValue(values.GetValue(index)!.Value); break;
            case UInt32Array values: json.WriteNumberValue(values.GetValue(index)!.Value); break;
            case UInt64Array values: json.WriteNumberValue(values.GetValue(index)!.Value); break;
            case FloatArray values: WriteNumber(json, values.GetValue(index)!.Value); break;
            case DoubleArray values: WriteNumber(json, values.GetValue(index)!.Value); break;
            case StringArray values: json.WriteStringValue(values.GetString(index)); break;
            case LargeStringArray values: json.WriteStringValue(values.GetString(index)); break;
            case DictionaryArray values: WriteEntry(json, values, index); break;
            case StructArray values: WriteStruct(json, values, index); break;
            case ListArray values: WriteList(json, values.Values, values.ValueOffsets[index], values.GetValueLength(index)); break;
            case LargeListArray values:
                WriteList(json, values.Values, checked((int)values.ValueOffsets[index]), values.GetValueLength(index));
                break;
            case FixedSizeListArray values:
                int length = ((FixedSizeListType)values.Data.DataType).ListSize;
                WriteList(json, values.Values, checked((values.Offset + index) * length), length);
                break;
            default: WriteUnknown(json, array.Data.DataType); break;
        }
    }

    /// <summary>What messages call a type.</summary>
    public static string TypeName(IArrowType type) => type.Name;

    private static void WriteNumber(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteStringValue(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static void WriteEntry(Utf8JsonWriter json, DictionaryArray values, int index)
    {
        int? entry = values.Indices switch
        {
            Int8Array indices => indices.GetValue(index),
            Int16Array indices => indices.GetValue(index),
            Int32Array indices => indices.GetValue(index),
            Int64Array indices => checked((int?)indices.GetValue(index)),
            UInt8Array indices => indices.GetValue(index),
            UInt16Array indices => indices.GetValue(index),
            UInt32Array indices => checked((int?)indices.GetValue(index)),
            _ => null,
        };
        if (entry is { } place) Write(json, values.Dictionary, place);
        else WriteUnknown(json, values.Data.DataType);
    }

    private static void WriteStruct(Utf8JsonWriter json, StructArray values, int index)
    {
        StructType type = (StructType)values.Data.DataType;
        json.WriteStartObject();
        for (int i = 0; i < type.Fields.Count; i++)
        {
            json.WritePropertyName(type.Fields[i].Name);
            Write(json, values.Fields[i], index);
        }

        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, IArrowArray values, int start, int length)
    {
        json.WriteStartArray();
        for (int i = 0; i < length; i++) Write(json, values, start + i);
        json.WriteEndArray();
    }

    private static void WriteUnknown(Utf8JsonWriter json, IArrowType type)
    {
        json.WriteStartObject();
        json.WriteString("type", TypeName(type));
        json.WriteEndObject();
    }
}
