namespace PaliGguf.Cli.Inspection;

/// <summary>A GGUF file as "inspect --json" prints it.</summary>
internal sealed record FileJson(
    string Path, uint Version, long Bytes, uint Alignment, IReadOnlyList<MetadataJson> Metadata, IReadOnlyList<ShareJson> Types, IReadOnlyList<ShareJson> Parts,
    IReadOnlyList<TensorJson> Tensors, VerificationJson? Verification);

/// <summary>One key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Type">Its type, "uint32" or "array of string".</param>
/// <param name="Count">The elements of an array; null for a single value.</param>
/// <param name="Value">The value; of a long array only the beginning.</param>
internal sealed record MetadataJson(string Key, string Type, int? Count, object Value);

/// <summary>What the tensors of one type, or of one part of the network, amount to.</summary>
internal sealed record ShareJson(string Name, int Tensors, long Elements, long Bytes);

/// <summary>One tensor; its shape in GGUF order, the row length first, and where its data begins in the file.</summary>
internal sealed record TensorJson(string Name, string Type, IReadOnlyList<long> Shape, long Offset, long Bytes);

/// <summary>What "inspect --verify" found in the tensors' numbers.</summary>
/// <param name="Sound">Whether all are finite.</param>
/// <param name="NonFinite">How many are not.</param>
/// <param name="Tensors">Each tensor's numbers.</param>
internal sealed record VerificationJson(bool Sound, long NonFinite, IReadOnlyList<FindingJson> Tensors);

/// <summary>One tensor's numbers; the index of the first that is not finite is null where all are.</summary>
internal sealed record FindingJson(string Name, double LargestMagnitude, long NonFinite, long? FirstNonFinite);
