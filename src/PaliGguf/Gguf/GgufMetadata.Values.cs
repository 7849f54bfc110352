using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace PaliGguf.Gguf;

public sealed partial class GgufMetadata
{
    /// <summary>A string. Bytes that are not UTF-8 read as U+FFFD.</summary>
    /// <exception cref="ModelFormatException">The key is missing or has another type.</exception>
    public string GetString(string key) => TryGetString(key, out string? value) ? value : throw Missing(key, "string");

    /// <inheritdoc cref="GetString" path="/summary"/>
    /// <returns>False if the key is absent.</returns>
    /// <exception cref="ModelFormatException">The key has another type.</exception>
    public bool TryGetString(string key, [NotNullWhen(true)] out string? value)
    {
        value = Find(key, GgufValueType.String)?.Decoded as string;
        return value is not null;
    }

    /// <summary>A whole number, stored in any integer type.</summary>
    /// <exception cref="ModelFormatException">The key is missing, no integer, or beyond the range of the result.</exception>
    public uint GetUInt32(string key) => TryGetUInt32(key, out uint value) ? value : throw Missing(key, "uint32");

    /// <inheritdoc cref="GetUInt32" path="/summary"/>
    /// <returns>False if the key is absent.</returns>
    /// <exception cref="ModelFormatException">The value is no integer, or beyond the range of the result.</exception>
    public bool TryGetUInt32(string key, out uint value) => TryGetInteger(key, "uint32", out value);

    /// <inheritdoc cref="GetUInt32"/>
    public int GetInt32(string key) => TryGetInt32(key, out int value) ? value : throw Missing(key, "int32");

    /// <inheritdoc cref="TryGetUInt32"/>
    public bool TryGetInt32(string key, out int value) => TryGetInteger(key, "int32", out value);

    /// <inheritdoc cref="GetUInt32"/>
    public ulong GetUInt64(string key) => TryGetUInt64(key, out ulong value) ? value : throw Missing(key, "uint64");

    /// <inheritdoc cref="TryGetUInt32"/>
    public bool TryGetUInt64(string key, out ulong value) => TryGetInteger(key, "uint64", out value);

    /// <summary>A 32-bit floating-point number; it may be infinite or not a number.</summary>
    /// <exception cref="ModelFormatException">The key is missing or has another type.</exception>
    public float GetSingle(string key) => TryGetSingle(key, out float value) ? value : throw Missing(key, "float32");

    /// <inheritdoc cref="GetSingle" path="/summary"/>
    /// <returns>False if the key is absent.</returns>
    /// <exception cref="ModelFormatException">The key has another type.</exception>
    public bool TryGetSingle(string key, out float value) => TryGetValue(key, GgufValueType.Float32, out value);

    /// <summary>A truth value.</summary>
    /// <exception cref="ModelFormatException">The key is missing or has another type.</exception>
    public bool GetBoolean(string key) => TryGetBoolean(key, out bool value) ? value : throw Missing(key, "bool");

    /// <inheritdoc cref="GetBoolean" path="/summary"/>
    /// <returns>False if the key is absent.</returns>
    /// <exception cref="ModelFormatException">The key has another type.</exception>
    public bool TryGetBoolean(string key, out bool value) => TryGetValue(key, GgufValueType.Boolean, out value);

    /// <summary>An array of strings. Bytes that are not UTF-8 read as U+FFFD.</summary>
    /// <exception cref="ModelFormatException">The key is missing or has another type.</exception>
    public IReadOnlyList<string> GetStringArray(string key) => Array.AsReadOnly((string[])RequireArray(key, GgufValueType.String));

    /// <summary>
    /// An array of strings as the file has them, all in one block: string <c>i</c> is <c>Bytes[Starts[i]..Starts[i + 1]]</c>.
    /// A vocabulary is so read in a tenth of the time that its strings as objects take.
    /// </summary>
    /// <exception cref="ModelFormatException">The key is missing or has another type, or there is more than one block holds.</exception>
    internal (byte[] Bytes, int[] Starts) ReadStrings(string key) => RequireEntry(key, GgufValueType.String).CopyStrings();

    /// <summary>An array of 32-bit floating-point numbers.</summary>
    /// <exception cref="ModelFormatException">The key is missing or has another type.</exception>
    public ReadOnlySpan<float> GetSingleArray(string key) => (float[])RequireArray(key, GgufValueType.Float32);

    /// <summary>An array of 32-bit signed integers.</summary>
    /// <exception cref="ModelFormatException">The key is missing or has another type.</exception>
    public ReadOnlySpan<int> GetInt32Array(string key) => (int[])RequireArray(key, GgufValueType.Int32);

    /// <summary>An array of 32-bit unsigned integers.</summary>
    /// <exception cref="ModelFormatException">The key is missing or has another type.</exception>
    public ReadOnlySpan<uint> GetUInt32Array(string key) => (uint[])RequireArray(key, GgufValueType.UInt32);

    private object RequireArray(string key, GgufValueType elementType) => RequireEntry(key, elementType).Decoded;

    private GgufMetadataEntry RequireEntry(string key, GgufValueType elementType) =>
        Find(key, GgufValueType.Array, elementType) ?? throw Missing(key, $"array of {elementType.Describe()}");

    private bool TryGetValue<T>(string key, GgufValueType type, out T value)
        where T : struct
    {
        object? found = Find(key, type)?.Value;
        value = found is null ? default : (T)found;
        return found is not null;
    }

    private bool TryGetInteger<T>(string key, string expected, out T value)
        where T : IBinaryInteger<T>, IMinMaxValue<T>
    {
        value = T.Zero;
        if (!_byKey.TryGetValue(key, out GgufMetadataEntry? entry)) return false;
        if (entry.Integer is not { } found) throw WrongType(entry, expected);
        if (found < Int128.CreateChecked(T.MinValue) || found > Int128.CreateChecked(T.MaxValue))
        {
            throw new ModelFormatException(_path, $"the key {GgufName.Quote(key)} is {found}; expected {T.MinValue} to {T.MaxValue}.");
        }

        value = T.CreateChecked(found);
        return true;
    }

    private GgufMetadataEntry? Find(string key, GgufValueType type, GgufValueType? elementType = null)
    {
        if (!_byKey.TryGetValue(key, out GgufMetadataEntry? entry)) return null;
        if (entry.Type == type && entry.ElementType == elementType) return entry;
        throw WrongType(entry, elementType is { } element ? $"array of {element.Describe()}" : type.Describe());
    }

    private ModelFormatException Missing(string key, string expected) => new(_path, $"the key {GgufName.Quote(key)} ({expected}) is missing.");

    private ModelFormatException WrongType(GgufMetadataEntry entry, string expected) =>
        new(_path, $"the key {GgufName.Quote(entry.Key)} is of type {entry.Description}; expected {expected}.");
}
