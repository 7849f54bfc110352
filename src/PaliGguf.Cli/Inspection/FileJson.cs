namespace PaliGguf.Cli.Inspection;

/// <summary>A GGUF file as "inspect --json" prints it.</summary>
internal sealed record FileJson(
    string Path, uint Version, long Bytes, uint Alignment, IReadOnlyList<MetadataJson> Metadata, IReadOnlyList<ShareJson> Types, IReadOnlyList<ShareJson> Parts,
    IReadOnlyList<TensorJson> Tensors);

/// <summary>One key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Type">Its type, "uint32" or "array of string".</param>
/// <param name="Count">The elements of an array; null for a single value.</param>
/// <param name="Value">The value; of a long array only the beginning.</param>
internal sealed record MetadataJson(string Key, string Type, int? Count, object Value);

/// <summary>What the tensors of one type, or of one part of the network, amount to.</summary>
internal sealed record ShareJson(string Name, int Tensors, long Elements, long Bytes);

/// <summary>One tensor; its shape in GGUF order, the row length first.</summary>
internal sealed record TensorJson(string Name, string Type, IReadOnlyList<long> Shape, long Bytes);
