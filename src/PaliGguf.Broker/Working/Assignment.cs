using System.Diagnostics;
using PaliGguf.Batch;
using PaliGguf.Broker.Connections;
using PaliGguf.Broker.Messages;

namespace PaliGguf.Broker.Working;

/// <summary>A picture that this worker has begun.</summary>
/// <param name="Delivery">The message.</param>
/// <param name="Message">What it says.</param>
/// <param name="Item">The picture.</param>
internal sealed record Assignment(Delivery Delivery, ItemMessage Message, WorkItem Item)
{
    /// <summary>When it was begun.</summary>
    public long Since { get; } = Stopwatch.GetTimestamp();
}
