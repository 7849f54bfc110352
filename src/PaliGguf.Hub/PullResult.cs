namespace PaliGguf.Hub;

/// <summary>What came of a pull.</summary>
/// <param name="Item">What was pulled, as it lies on this computer.</param>
/// <param name="WasThere">Whether all of it was there before.</param>
/// <param name="BytesReceived">The bytes that the hub sent in this run.</param>
/// <param name="Warnings">What a user should know of a checkpoint (<see cref="Conversion.ConversionResult.Warnings"/>).</param>
public sealed record PullResult(PulledItem Item, bool WasThere, long BytesReceived, IReadOnlyList<string> Warnings);
