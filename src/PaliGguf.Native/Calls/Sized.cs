using PaliGguf.Native.Layouts;

namespace PaliGguf.Native.Calls;

/// <summary>Reads and writes the structs of callers that were compiled with an older or a newer header.</summary>
internal static unsafe class Sized
{
    private const uint Largest = 4096;

    /// <summary>Copies what a caller has filled in; what it does not know is 0.</summary>
    /// <exception cref="CallException">It is null, its size is none of this struct, or it has something that this library does not
    /// know.</exception>
    public static T Read<T>(void* given, string name)
        where T : unmanaged, ISized
    {
        uint size = Check<T>(given, name);
        T own = default;
        uint known = Math.Min(size, (uint)sizeof(T));
        Buffer.MemoryCopy(given, &own, sizeof(T), known);
        if (new ReadOnlySpan<byte>((byte*)given + known, (int)(size - known)).ContainsAnyExcept((byte)0))
        {
            throw CallException.Argument(
                $"{name} has a field that this version of the library does not know: leave it 0, or take a newer library.");
        }

        return own;
    }

    /// <summary>Fills in as much as a caller's struct has room for. Its size stays.</summary>
    /// <exception cref="CallException">It is null, or its size is none of this struct.</exception>
    public static void Write<T>(void* target, string name, T value)
        where T : unmanaged, ISized
    {
        uint size = Check<T>(target, name);
        value.Size = size;
        uint known = Math.Min(size, (uint)sizeof(T));
        Buffer.MemoryCopy(&value, target, known, known);
        new Span<byte>((byte*)target + known, (int)(size - known)).Clear();
    }

    /// <exception cref="CallException">It is null, or its size is none of this struct.</exception>
    public static uint Check<T>(void* given, string name)
        where T : unmanaged, ISized
    {
        if (given is null) throw CallException.Argument($"{name} is null.");
        uint size = *(uint*)given;
        if (size >= T.Oldest && size <= Largest) return size;
        throw CallException.Argument(
            $"{name}->size is {size}: set it to sizeof(*{name}), which is {sizeof(T)} here and {T.Oldest} at least.");
    }
}
