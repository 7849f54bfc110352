using PaliGguf.Evaluation.Datasets;

namespace PaliGguf.Batch.Sources;

/// <summary>One picture, named by itself.</summary>
/// <param name="path">Its file.</param>
internal sealed class PictureItem(string path) : IWorkSource
{
    public bool MayRepeat => false;

    public IEnumerable<WorkItem> Items(CancellationToken cancellationToken = default) => [new WorkItem(path, new PictureFile(path))];

    public long? Count(CancellationToken cancellationToken = default) => 1;
}
