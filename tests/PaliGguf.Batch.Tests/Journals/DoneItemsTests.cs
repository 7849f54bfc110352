using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Batch.Journals;
using PaliGguf.Tests;

namespace PaliGguf.Batch.Tests.Journals;

public sealed class DoneItemsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void They_are_those_of_the_journal_however_the_source_lists_them()
    {
        // Journalled in one order and listed in another: as before, with new ones between, with some gone, shuffled.
        Gen<int[]> some = Gen.Choose(1, 30).ArrayOf();
        Prop.ForAll(some.Zip(some).ToArbitrary(), lists =>
        {
            int[] written = [.. lists.Item1.Distinct()];
            int[] listed = [.. lists.Item2.Distinct()];
            using JournalFile journal = Journal([.. written.Select(key => (key, RecordKinds.None)), (0, RecordKinds.Synced)]);
            Assert.All((int[][])[listed, written, [.. written.Order()]], order =>
            {
                using DoneItems done = DoneItems.All(journal);
                Assert.Equal(written.Length, done.Count);
                Assert.All(order, key => Assert.Equal(written.Contains(key), done.Contains(new ItemKey((ulong)key))));
            });
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void They_are_the_same_where_the_ids_that_were_listed_are_kept_with_them()
    {
        Gen<int[]> some = Gen.Choose(1, 30).ArrayOf();
        Prop.ForAll(some.Zip(some).ToArbitrary(), lists =>
        {
            int[] written = [.. lists.Item1.Distinct()];
            using JournalFile journal = Journal([.. written.Select(key => (key, RecordKinds.None)), (0, RecordKinds.Synced)]);
            using DoneItems done = DoneItems.All(journal);
            using KeySet listed = new();
            done.ShareWith(listed);
            HashSet<int> before = [];
            foreach (int key in lists.Item2)
            {
                bool isNew = before.Add(key);
                Assert.Equal(isNew, listed.Add(new ItemKey((ulong)key)));
                if (isNew) Assert.Equal(written.Contains(key), done.Contains(new ItemKey((ulong)key)));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Of_what_is_asked_again_only_that_is_done_which_was_asked_since_the_failures_were_cleared()
    {
        using JournalFile journal =
            Journal((1, RecordKinds.Failed), (2, RecordKinds.Failed), (1, RecordKinds.Again), (0, RecordKinds.Cleared),
            (2, RecordKinds.Again), (0, RecordKinds.Synced));
        using DoneItems again = DoneItems.AskedAgain(journal);
        Assert.False(again.Contains(new ItemKey(1)));
        Assert.True(again.Contains(new ItemKey(2)));
        Assert.Equal(1, again.Count);
        using DoneItems all = DoneItems.All(journal);
        Assert.Equal(2, all.Count);
    }

    private JournalFile Journal(params (int Key, RecordKinds Kinds)[] records)
    {
        JournalFile journal = JournalFile.Open(_folder.File(Path.GetRandomFileName()), JournalFileTests.Facts);
        foreach ((int key, RecordKinds kinds) in records) journal.Append(new JournalRecord(new ItemKey((ulong)key), 0, 0, 0, kinds));
        return journal;
    }
}
