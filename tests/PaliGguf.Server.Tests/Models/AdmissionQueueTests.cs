using PaliGguf.Server.Http;
using PaliGguf.Server.Models;

namespace PaliGguf.Server.Tests.Models;

public sealed class AdmissionQueueTests
{
    [Fact]
    public async Task So_many_run_so_many_wait_and_the_others_are_told_when_to_come_back()
    {
        using AdmissionQueue queue = new(most: 1);
        queue.Open(2);
        IDisposable first = await queue.EnterAsync(CancellationToken.None);
        IDisposable second = await queue.EnterAsync(CancellationToken.None);
        queue.RequireRoom();
        Task<IDisposable> waiting = queue.EnterAsync(CancellationToken.None);
        Assert.Equal((2, 1), (queue.Running, queue.Waiting));
        RejectionException refused = await Assert.ThrowsAsync<RejectionException>(() => queue.EnterAsync(CancellationToken.None));
        Assert.Equal(429, refused.Status);
        Assert.InRange(refused.RetryAfter!.Value.TotalSeconds, 1, 60);
        Assert.Throws<RejectionException>(queue.RequireRoom);

        first.Dispose();
        first.Dispose();
        IDisposable third = await waiting;
        Assert.Equal((2, 0), (queue.Running, queue.Waiting));
        second.Dispose();
        third.Dispose();
        Assert.Equal((0, 0), (queue.Running, queue.Waiting));
    }

    [Fact]
    public async Task Who_leaves_the_queue_makes_room_in_it()
    {
        using AdmissionQueue queue = new(most: 1);
        queue.Open(1);
        using IDisposable place = await queue.EnterAsync(CancellationToken.None);
        using CancellationTokenSource leave = new();
        Task<IDisposable> waiting = queue.EnterAsync(leave.Token);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, queue.Waiting);
        Assert.False(queue.EnterAsync(CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task Those_that_wait_come_in_their_order()
    {
        using AdmissionQueue queue = new(most: 10);
        queue.Open(1);
        IDisposable place = await queue.EnterAsync(CancellationToken.None);
        Task<IDisposable>[] waiting = [.. Enumerable.Range(0, 10).Select(_ => queue.EnterAsync(CancellationToken.None))];
        foreach (Task<IDisposable> next in waiting)
        {
            place.Dispose();
            place = await next;
        }

        place.Dispose();
    }
}
