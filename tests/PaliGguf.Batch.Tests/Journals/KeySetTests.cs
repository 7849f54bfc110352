using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Batch.Journals;

namespace PaliGguf.Batch.Tests.Journals;

public sealed class KeySetTests
{
    [Fact]
    public void It_holds_what_a_set_holds()
    {
        // Few values, so that many come twice, and all of two parts, where they fight for the first and the last places.
        Gen<ulong> keys = Gen.Choose(1, 60).Select(value => value % 3 == 0 ? ulong.MaxValue - (ulong)value : (ulong)value);
        Prop.ForAll(keys.ArrayOf().ToArbitrary(), values =>
        {
            using KeySet set = new();
            HashSet<ulong> expected = [];
            Assert.All(values, value => Assert.Equal(expected.Add(value), set.Add(new ItemKey(value))));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_is_marked_is_new_until_its_mark_is_taken_away()
    {
        Gen<ulong> keys = Gen.Choose(1, 60).Select(value => value % 3 == 0 ? ulong.MaxValue - (ulong)value : (ulong)value);
        Gen<(ulong, int)[]> steps = keys.Zip(Gen.Choose(0, 2)).Select(step => (step.Item1, step.Item2)).ArrayOf();
        Prop.ForAll(steps.ToArbitrary(), all =>
        {
            using KeySet set = new();
            HashSet<ulong> there = [], marked = [];
            foreach ((ulong value, int step) in all)
            {
                ItemKey key = new(value);
                if (step == 0)
                {
                    Assert.Equal(there.Add(value) || marked.Contains(value), set.Add(key));
                }
                else if (step == 1)
                {
                    Assert.Equal(marked.Remove(value), set.Unmark(key));
                }
                else
                {
                    set.Mark(key);
                    there.Add(value);
                    marked.Add(value);
                }
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_hundred_thousand_ids_are_each_new_once()
    {
        using KeySet set = new();
        string[] ids = [.. Enumerable.Range(0, 100_000).Select(i => $"train/{i:000000}.jpg")];
        Assert.All(ids, id => Assert.True(set.Add(ItemKey.Of(id))));
        Assert.All(ids, id => Assert.False(set.Add(ItemKey.Of(id))));
    }
}
