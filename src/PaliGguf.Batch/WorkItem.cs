using PaliGguf.Evaluation.Datasets;

namespace PaliGguf.Batch;

/// <summary>A picture that is to be asked about. It is read when its turn comes; until then it is a name and a place.</summary>
/// <param name="Id">Tells it from all others of its source, and is the same in every run.</param>
/// <param name="Picture">The picture.</param>
public sealed record WorkItem(string Id, PictureSource Picture)
{
    /// <summary>What is asked about it; empty for what is asked about all.</summary>
    public IReadOnlyList<Question> Questions { get; init; } = [];

    /// <summary>Why nothing can be asked about it; null where it can.</summary>
    public string? Problem { get; init; }

    /// <summary>An item of which only its place is known, and what is wrong there.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="problem">What is wrong.</param>
    public static WorkItem Broken(string id, string place, string problem) => new(id, new PictureFile(place)) { Problem = problem };
}
