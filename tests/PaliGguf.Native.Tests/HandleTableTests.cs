using PaliGguf.Native.Calls;
using PaliGguf.Native.Layouts;
using PaliGguf.Native.Work;

namespace PaliGguf.Native.Tests;

public sealed class HandleTableTests
{
    [Fact]
    public void ANumberThatWasGivenBackFitsNothingAnyMore()
    {
        HandleTable table = new();
        HashSet<ulong> seen = [];
        for (int turn = 0; turn < 1000; turn++)
        {
            ulong handle = table.Add(() => new Nothing());
            Assert.True(seen.Add(handle));
            Assert.InRange(handle, 1UL, (1UL << 52) - 1);
            table.Remove(handle);
            Assert.Equal(Status.ErrorHandle, Assert.Throws<CallException>(() => table.Remove(handle)).Status);
            Assert.Equal(Status.ErrorHandle, Assert.Throws<CallException>(() => table.Get<IHandled>(handle)).Status);
        }

        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void AFullTableSaysSoAndTakesAgainWhatWasGivenBack()
    {
        HandleTable table = new();
        ulong[] handles = [.. Enumerable.Range(0, HandleTable.Most).Select(_ => table.Add(() => new Nothing()))];

        Assert.Equal(handles.Length, handles.Distinct().Count());
        Assert.Equal(Status.ErrorLimit,
            Assert.Throws<CallException>(() => table.Add(() => throw new InvalidOperationException("Not begun."))).Status);
        table.Remove(handles[7]);
        Assert.DoesNotContain(table.Add(() => new Nothing()), handles);
    }

    [Fact]
    public void WhatCanNotBeginLeavesItsPlace()
    {
        HandleTable table = new();
        for (int turn = 0; turn < HandleTable.Most + 1; turn++)
        {
            Assert.Throws<FormatException>(() => table.Add(() => throw new FormatException()));
        }

        Assert.Equal(0, table.Count);
        Assert.NotEqual(0UL, table.Add(() => new Nothing()));
    }

    [Fact]
    public void AHandleOfAnotherKindIsAnError()
    {
        HandleTable table = new();
        ulong handle = table.Add(() => new Nothing());

        Assert.Equal(Status.ErrorHandle, Assert.Throws<CallException>(() => table.Get<Ticket>(handle)).Status);
        Assert.IsType<Nothing>(table.Get<IHandled>(handle));
    }

    private sealed class Nothing : IHandled
    {
        public Task Ended => Task.CompletedTask;

        public Exception? Failure => null;

        public void Cancel()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
