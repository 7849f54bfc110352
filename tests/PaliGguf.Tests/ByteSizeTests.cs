namespace PaliGguf.Tests;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("4GiB", 4L << 30)]
    [InlineData("4 GiB", 4L << 30)]
    [InlineData("4g", 4L << 30)]
    [InlineData("4GB", 4_000_000_000)]
    [InlineData("4096MiB", 4L << 30)]
    [InlineData("1.5gib", 3L << 29)]
    [InlineData("800MB", 800_000_000)]
    [InlineData("4096", 4096)]
    [InlineData("12 B", 12)]
    public void Amounts_are_read_as_people_write_them(string text, long expected)
    {
        Assert.True(ByteSize.TryParse(text, out long bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("GiB")]
    [InlineData("-1GiB")]
    [InlineData("4x")]
    [InlineData("0")]
    [InlineData("NaN")]
    [InlineData("9e30")]
    [InlineData("99999999999TiB")]
    public void Anything_else_is_refused(string? text) => Assert.False(ByteSize.TryParse(text, out _));

    [Fact]
    public void What_is_written_can_be_read_again()
    {
        foreach (long bytes in new[] { 1, 1023, 5 << 10, 300 << 20, 7L << 30 })
        {
            Assert.True(ByteSize.TryParse(ByteSize.Format(bytes), out long read));
            Assert.InRange(read / (double)bytes, 0.99, 1.01);
        }
    }
}
