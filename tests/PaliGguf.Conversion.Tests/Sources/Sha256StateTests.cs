using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tests.Sources;

public sealed class Sha256StateTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(55)]
    [InlineData(56)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(119)]
    [InlineData(120)]
    [InlineData(1_000_003)]
    public void It_is_the_platforms_hash(int length)
    {
        byte[] bytes = Bytes(length);
        Sha256State state = new();

        state.Append(bytes);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), state.Finish());
    }

    [Fact]
    public void It_can_be_put_aside_anywhere() => Prop.ForAll(
        Gen.Choose(0, 300).Two().ToArbitrary(),
        lengths =>
        {
            (byte[] first, byte[] second) = (Bytes(lengths.Item1), Bytes(lengths.Item2));
            Sha256State before = new();
            before.Append(first);

            Sha256State after = Sha256State.Load(before.Save())!;
            after.Append(second);

            return after.Finish() == Convert.ToHexStringLower(SHA256.HashData([.. first, .. second]));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("not hexadecimal")]
    public void Another_text_is_none(string text) => Assert.Null(Sha256State.Load(text));

    private static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
