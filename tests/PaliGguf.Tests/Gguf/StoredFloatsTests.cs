using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Gguf;
using PaliGguf.Interop;
using PaliGguf.Tests.Interop;

namespace PaliGguf.Tests.Gguf;

public sealed class StoredFloatsTests
{
    [Theory]
    [InlineData(GgmlType.F32)]
    [InlineData(GgmlType.F16)]
    [InlineData(GgmlType.Q8_0)]
    public void Any_bytes_become_what_ggml_makes_of_them(GgmlType type) => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(3 * type.TypeSize).ToArbitrary(), stored =>
        {
            float[] expected = new float[3 * type.BlockSize], values = new float[expected.Length];
            GgmlRows.Dequantize(type, stored, expected);
            StoredFloats.Read(type, stored, values);
            Assert.Equal(expected, values);
        }));

    [Theory]
    [MemberData(nameof(GgmlRowsTests.Misfits), MemberType = typeof(GgmlRowsTests))]
    [InlineData(GgmlType.Q8_0, 34, 64)]
    [InlineData(GgmlType.Q4_0, 18, 32)]
    public void Lengths_that_do_not_fit_and_other_types_are_refused(GgmlType type, int bytes, int floats) =>
        Assert.Throws<ArgumentException>(() => StoredFloats.Read(type, new byte[bytes], new float[floats]));
}
