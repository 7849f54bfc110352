using System.Buffers.Binary;

namespace PaliGguf.Parquet.Tests;

/// <summary>Files of one column, written field by field in Thrift's compact protocol.</summary>
public sealed class PageSizesTests
{
    [Fact]
    public void Sizes_that_a_file_can_have_are_taken() => PageSizes.Check(File(Page(unpacked: 100, stored: 20, values: 7), rows: 7));

    [Theory]
    [InlineData(1 << 30, 20, 7, "a page tells of 1073741824 bytes in a file of")]
    [InlineData(100, 20, 1 << 28, "a page tells of 268435456 values in a file of")]
    [InlineData(-1, 20, 7, "the sizes of a page are negative")]
    [InlineData(100, -20, 7, "the sizes of a page are negative")]
    public void Sizes_beyond_what_the_file_can_hold_are_refused(int unpacked, int stored, int values, string told) =>
        Refuses(File(Page(unpacked, stored, values), rows: 7), told);

    [Fact]
    public void So_are_rows_and_columns()
    {
        byte[] page = Page(100, 20, 7);
        Refuses(File(page, rows: 1L << 40), "it tells of 1099511627776 rows");
        Refuses(File(page, rows: -1), "a group has less than no rows");
        Refuses(File(page, rows: 7, start: 1 << 20), "a column lies outside of it");
        Refuses(File(page, rows: 7, length: 1 << 20), "a column lies outside of it");
        Refuses(File(page, rows: 7, length: -1), "a column lies outside of it");
    }

    [Fact]
    public void What_is_cut_off_or_nested_without_an_end_is_refused()
    {
        Assert.Throws<EndOfStreamException>(() => PageSizes.Check(new MemoryStream(new byte[4])));
        byte[] nested = [.. Enumerable.Repeat((byte)0x1C, 1000), .. Footer(1000)];
        Assert.Contains("nested too deeply", Assert.Throws<InvalidDataException>(() => PageSizes.Check(new MemoryStream(nested))).Message);
    }

    private static void Refuses(Stream file, string told) =>
        Assert.Contains(told, Assert.Throws<InvalidDataException>(() => PageSizes.Check(file)).Message, StringComparison.Ordinal);

    /// <summary>PageHeader with 2: unpacked, 3: stored, 5: { 1: values }; and the stored bytes.</summary>
    private static byte[] Page(int unpacked, int stored, int values) =>
        [0x25, .. Number(unpacked), 0x15, .. Number(stored), 0x2C, 0x15, .. Number(values), 0, 0, .. new byte[Math.Max(0, stored)]];

    /// <summary>FileMetaData with 4: [RowGroup { 1: [ColumnChunk { 3: { 7: length, 9: start } }], 3: rows }].</summary>
    private static MemoryStream File(byte[] page, long rows, long start = 4, long? length = null)
    {
        byte[] chunk = [0x3C, 0x76, .. Number(length ?? page.Length), 0x26, .. Number(start), 0, 0];
        byte[] footer = [0x49, 0x1C, 0x19, 0x1C, .. chunk, 0x26, .. Number(rows), 0, 0];
        return new MemoryStream([.. "PAR1"u8, .. page, .. footer, .. Footer(footer.Length)]);
    }

    private static byte[] Footer(int length)
    {
        byte[] bytes = [0, 0, 0, 0, .. "PAR1"u8];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        return bytes;
    }

    private static byte[] Number(long value)
    {
        List<byte> bytes = [];
        ulong rest = (ulong)((value << 1) ^ (value >> 63));
        for (; rest >= 0x80; rest >>= 7) bytes.Add((byte)(rest | 0x80));
        bytes.Add((byte)rest);
        return [.. bytes];
    }
}
