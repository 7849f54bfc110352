using System.Globalization;
using System.Text;

namespace PaliGguf.Batch.Sources;

/// <summary>What an extended header of pax says of the member that follows.</summary>
internal sealed class PaxFields
{
    public string? Path { get; private set; }

    public long? Size { get; private set; }

    /// <summary>Whether the bytes are only a map of a file with holes, and some of its parts.</summary>
    public bool IsSparse { get; private set; }

    /// <summary>Adds records, "LENGTH KEY=VALUE\n" each.</summary>
    /// <exception cref="FormatException">They are malformed.</exception>
    public void Read(ReadOnlySpan<byte> records)
    {
        while (records.TrimEnd((byte)0).Length > 0)
        {
            int space = records.IndexOf((byte)' ');
            if (space is < 1 or > 10 || !int.TryParse(records[..space], NumberStyles.None, CultureInfo.InvariantCulture, out int length)
                || length > records.Length || length < space + 3 || records[length - 1] != (byte)'\n')
            {
                throw new FormatException("its extended header is malformed");
            }

            ReadOnlySpan<byte> record = records[(space + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals < 1) throw new FormatException("its extended header is malformed");
            Take(record[..equals], record[(equals + 1)..]);
            records = records[length..];
        }
    }

    private void Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("path"u8)) Path = Encoding.UTF8.GetString(value);
        if (key.SequenceEqual("size"u8)) Size = Number(value);
        if (key.StartsWith("GNU.sparse."u8)) IsSparse = true;
    }

    private static long Number(ReadOnlySpan<byte> value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
        ? number
        : throw new FormatException("its extended header tells no size");
}
