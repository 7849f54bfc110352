namespace PaliGguf.Batch.Runs;

/// <summary>How far a batch has come.</summary>
/// <param name="Done">Pictures that earlier runs have done.</param>
/// <param name="Answered">Pictures of this run of which all is answered.</param>
/// <param name="Failed">Pictures of this run of which something is not.</param>
/// <param name="Looks">How many pictures of this run passed through the vision tower.</param>
public readonly record struct BatchTally(long Done, long Answered, long Failed, long Looks)
{
    /// <summary>Pictures of this run.</summary>
    public long Run => Answered + Failed;
}
