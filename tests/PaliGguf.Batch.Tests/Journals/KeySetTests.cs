using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Batch.Journals;

namespace PaliGguf.Batch.Tests.Journals;

public sealed class KeySetTests
{
    [Fact]
    public void It_holds_what_a_set_holds()
    {
        // Few values, so that many come twice and lie beside each other.
        Gen<ulong> keys = Gen.Choose(0, 40).Select(value => (ulong)value * 0x0100_0000_0000_0001);
        Prop.ForAll(keys.ArrayOf().ToArbitrary(), values =>
        {
            KeySet set = new();
            HashSet<ulong> expected = [];
            Assert.All(values, value => Assert.Equal(expected.Add(value), set.Add(new ItemKey(value))));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_hundred_thousand_ids_are_each_new_once()
    {
        KeySet set = new();
        string[] ids = [.. Enumerable.Range(0, 100_000).Select(i => $"train/{i:000000}.jpg")];
        Assert.All(ids, id => Assert.True(set.Add(ItemKey.Of(id))));
        Assert.All(ids, id => Assert.False(set.Add(ItemKey.Of(id))));
    }
}
