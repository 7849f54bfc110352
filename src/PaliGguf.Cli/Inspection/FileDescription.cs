using System.Collections;
using PaliGguf.Gguf;

namespace PaliGguf.Cli.Inspection;

/// <summary>Describes a GGUF file.</summary>
internal static class FileDescription
{
    /// <summary>A vocabulary has hundreds of thousands of elements, of which nobody wants to see more than a few here.</summary>
    private const int LongestArray = 16;

    /// <param name="file">The file.</param>
    /// <param name="findings">What is in its tensors; null if nobody looked.</param>
    public static FileJson Of(GgufFile file, IReadOnlyList<TensorFinding>? findings) => new(
        file.Path,
        file.Version,
        file.Length,
        file.Alignment,
        file.Metadata.Entries.Select(Describe).ToArray(),
        Shares(file.Tensors, tensor => tensor.Type.Name),
        Shares(file.Tensors, tensor => ModelPart.Of(tensor.Name)),
        file.Tensors.Select(tensor => new TensorJson(tensor.Name, tensor.Type.Name, tensor.Shape, tensor.Offset, tensor.ByteLength)).ToArray(),
        findings is null ? null : Verification(findings));

    private static VerificationJson Verification(IReadOnlyList<TensorFinding> findings)
    {
        long bad = findings.Sum(finding => finding.NonFinite);
        return new VerificationJson(
            bad == 0, bad,
            findings.Select(finding => new FindingJson(
                finding.Tensor.Name, finding.LargestMagnitude, finding.NonFinite, finding.NonFinite > 0 ? finding.FirstNonFinite : null)).ToArray());
    }

    private static MetadataJson Describe(GgufMetadataEntry entry)
    {
        if (entry.ElementType is not { } element) return new MetadataJson(entry.Key, Name(entry.Type), null, entry.Value);
        object?[] beginning = ((IEnumerable)entry.Value).Cast<object?>().Take(LongestArray).ToArray();
        return new MetadataJson(entry.Key, $"array of {Name(element)}", entry.Count, beginning);
    }

    private static string Name(GgufValueType type) => type == GgufValueType.Boolean ? "bool" : type.ToString().ToLowerInvariant();

    private static ShareJson[] Shares(IEnumerable<GgufTensor> tensors, Func<GgufTensor, string> name) =>
        tensors.GroupBy(name, StringComparer.Ordinal)
            .Select(group => new ShareJson(group.Key, group.Count(), group.Sum(tensor => tensor.RowLength * tensor.RowCount), group.Sum(tensor => tensor.ByteLength)))
            .OrderByDescending(share => share.Bytes)
            .ToArray();
}
