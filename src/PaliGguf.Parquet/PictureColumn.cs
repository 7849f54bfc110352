using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp.Arrow;

namespace PaliGguf.Parquet;

/// <summary>The column with the pictures.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">The number of the leaf with the encoded bytes.</param>
internal sealed record PictureColumn(string Name, int Bytes)
{
    private const string BytesName = "bytes";
    private const string PathName = "path";

    /// <summary>Finds the column.</summary>
    /// <returns>Null where the rows name their pictures' files, or have none.</returns>
    /// <exception cref="PaliException">It has another type.</exception>
    public static PictureColumn? Find(ParquetFile file)
    {
        SchemaField? column = file.Columns.FirstOrDefault(each => each.Field.Name is "image" or "picture" or "img");
        if (column is null || column.Field.DataType is StringType or LargeStringType) return null;
        if (IsBinary(column.Field.DataType)) return new PictureColumn(column.Field.Name, column.ColumnIndex);
        SchemaField? bytes = column.Field.DataType is StructType ? column.Children.FirstOrDefault(each => each.Field.Name == BytesName) : null;
        if (bytes is not null && IsBinary(bytes.Field.DataType)) return new PictureColumn(column.Field.Name, bytes.ColumnIndex);
        throw new PaliException(
            $"{file.Path}: the column '{column.Field.Name}' is {ArrowJson.TypeName(column.Field.DataType)}; expected a struct of 'bytes' and "
            + "'path', or bytes.");
    }

    /// <summary>The name that a picture's file had; null where it is not told.</summary>
    public string? PathOf(RecordBatch batch, int row)
    {
        int place = batch.Schema.FieldsList.ToList().FindIndex(field => field.Name == Name);
        if (place < 0 || batch.Column(place) is not StructArray column || column.IsNull(row)) return null;
        int index = ((StructType)column.Data.DataType).Fields.ToList().FindIndex(field => field.Name == PathName);
        return index < 0 ? null : column.Fields[index] switch
        {
            StringArray texts => texts.GetString(row),
            LargeStringArray texts => texts.GetString(row),
            _ => null,
        };
    }

    /// <summary>The encoded bytes of a picture; null where there are none.</summary>
    public byte[]? BytesOf(RecordBatch batch, int row)
    {
        IArrowArray column = batch.Column(0);
        if (column.IsNull(row)) return null;
        if (column is StructArray parts) column = parts.Fields[0];
        return column.IsNull(row) ? null : column switch
        {
            BinaryArray bytes => bytes.GetBytes(row).ToArray(),
            LargeBinaryArray bytes => bytes.GetBytes(row).ToArray(),
            _ => null,
        };
    }

    private static bool IsBinary(IArrowType type) => type is BinaryType or LargeBinaryType;
}
