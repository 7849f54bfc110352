namespace PaliGguf.Gguf;

/// <summary>A metadata entry as it goes into a file.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The type and the value.</param>
internal sealed record GgufEncodedEntry(byte[] Key, byte[] Value);

/// <summary>A tensor that is to be written.</summary>
/// <param name="Name">Its name, for messages.</param>
/// <param name="NameBytes">Its name as it goes into the file.</param>
/// <param name="Type">How it is stored.</param>
/// <param name="Shape">Its dimensions in GGUF order.</param>
/// <param name="ByteLength">The bytes that follow from both.</param>
/// <param name="Write">Writes them.</param>
internal sealed record GgufPlannedTensor(
    string Name, byte[] NameBytes, GgmlType Type, long[] Shape, long ByteLength, Action<Stream, CancellationToken> Write);
