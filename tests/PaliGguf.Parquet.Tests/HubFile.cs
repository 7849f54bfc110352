using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp.Arrow;

namespace PaliGguf.Parquet.Tests;

/// <summary>Parquet files as hubs of data sets ship them.</summary>
internal static class HubFile
{
    /// <summary>Writes columns.</summary>
    /// <param name="path">The file.</param>
    /// <param name="groupLength">The rows of a group.</param>
    /// <param name="columns">The columns, each of the same length.</param>
    public static void Write(string path, int groupLength, params (string Name, IArrowArray Values)[] columns)
    {
        Schema schema = new([.. columns.Select(column => new Field(column.Name, column.Values.Data.DataType, nullable: true))], metadata: null);
        using RecordBatch batch = new(schema, columns.Select(column => column.Values), columns[0].Values.Length);
        using FileWriter writer = new(path, schema);
        writer.WriteRecordBatch(batch, groupLength);
        writer.Close();
    }

    /// <summary>A struct of bytes and path; null where there is no picture.</summary>
    public static StructArray Images(params (byte[]? Bytes, string? Path)?[] pictures)
    {
        BinaryArray.Builder bytes = new();
        StringArray.Builder paths = new();
        ArrowBuffer.BitmapBuilder valid = new();
        foreach ((byte[]? Bytes, string? Path)? picture in pictures)
        {
            valid.Append(picture is not null);
            if (picture?.Bytes is { } content) bytes.Append(content.AsSpan());
            else bytes.AppendNull();
            if (picture?.Path is { } path) paths.Append(path);
            else paths.AppendNull();
        }

        StructType type = new([new Field("bytes", BinaryType.Default, nullable: true), new Field("path", StringType.Default, nullable: true)]);
        return new StructArray(type, pictures.Length, [bytes.Build(), paths.Build()], valid.Build(), pictures.Count(picture => picture is null));
    }

    public static StringArray Texts(params string?[] texts) => new StringArray.Builder().AppendRange(texts!).Build();

    public static BinaryArray Bytes(params byte[][] values) => new BinaryArray.Builder().AppendRange(values).Build();

    public static Int64Array Numbers(params long[] values) => new Int64Array.Builder().AppendRange(values).Build();

    public static ListArray Lists(params string[][] lists)
    {
        ListArray.Builder builder = new(StringType.Default);
        StringArray.Builder values = (StringArray.Builder)builder.ValueBuilder;
        foreach (string[] list in lists)
        {
            builder.Append();
            values.AppendRange(list);
        }

        return builder.Build();
    }
}
