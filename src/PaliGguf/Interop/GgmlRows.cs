using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>Rows of any ggml type to floats and back, by ggml's own reference code.</summary>
internal static unsafe class GgmlRows
{
    /// <summary>Turns stored elements into floats.</summary>
    /// <param name="type">How <paramref name="source"/> is stored.</param>
    /// <param name="source">A whole number of blocks.</param>
    /// <param name="destination">As many floats as <paramref name="source"/> has elements.</param>
    /// <exception cref="NotSupportedException">ggml has no conversion from this type to floats.</exception>
    public static void Dequantize(GgmlType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        NativeLibraries.Load();
        if (destination.Length == 0) return;
        nuint blockBytes = Ggml.ggml_type_size(type);
        long blockLength = Ggml.ggml_blck_size(type);
        if (blockBytes == 0 || destination.Length % blockLength != 0 || (nuint)source.Length != (nuint)(destination.Length / blockLength) * blockBytes)
        {
            throw new ArgumentException($"{source.Length} bytes of {type} are not {destination.Length} elements.", nameof(source));
        }

        if (type == GgmlType.F32)
        {
            source.CopyTo(MemoryMarshal.AsBytes(destination));
            return;
        }

        delegate* unmanaged[Cdecl]<void*, float*, long, void> toFloat = Ggml.ggml_get_type_traits(type)->to_float;
        if (toFloat is null) throw new NotSupportedException($"ggml does not turn {type} into floats.");
        fixed (byte* from = source)
        fixed (float* to = destination)
        {
            toFloat(from, to, destination.Length);
        }
    }

    /// <summary>Stores rows of floats in a type.</summary>
    /// <param name="type">The type to store in.</param>
    /// <param name="rows">Whole rows of finite numbers, one after the other.</param>
    /// <param name="rowLength">Elements per row, a multiple of the type's block size.</param>
    /// <param name="importance">How much an error counts in each column, finite and positive; empty where all count alike.</param>
    /// <param name="destination">Exactly the bytes of these rows.</param>
    /// <exception cref="NotSupportedException">ggml does not quantize to this type, or only with an importance matrix.</exception>
    public static void Quantize(GgmlType type, ReadOnlySpan<float> rows, long rowLength, ReadOnlySpan<float> importance, Span<byte> destination)
    {
        NativeLibraries.Load();
        nuint blockBytes = Ggml.ggml_type_size(type);
        long blockLength = Ggml.ggml_blck_size(type);
        if (blockBytes == 0 || rowLength < 1 || rowLength % blockLength != 0 || rows.Length % rowLength != 0)
        {
            throw new ArgumentException($"{rows.Length} floats are not rows of {rowLength} that {type} can hold.", nameof(rows));
        }

        if ((nuint)destination.Length != (nuint)(rows.Length / blockLength) * blockBytes)
        {
            throw new ArgumentException($"{rows.Length} elements of {type} do not take {destination.Length} bytes.", nameof(destination));
        }

        if (!importance.IsEmpty && importance.Length != rowLength)
        {
            throw new ArgumentException($"{importance.Length} columns have an importance, and the rows have {rowLength}.", nameof(importance));
        }

        if (rows.IsEmpty) return;
        // The library ends the process over a type that it does not quantize to.
        if (!type.HoldsWeights) throw new NotSupportedException($"ggml does not turn floats into {type}.");
        if (importance.IsEmpty && NeedsImportance(type)) throw new NotSupportedException($"{type} needs an importance matrix.");
        fixed (float* from = rows)
        fixed (float* columns = importance)
        fixed (byte* to = destination)
        {
            Ggml.ggml_quantize_chunk(type, from, to, 0, rows.Length / rowLength, rowLength, columns);
        }
    }

    /// <summary>Whether ggml quantizes to a type only with an importance for each column.</summary>
    public static bool NeedsImportance(GgmlType type)
    {
        NativeLibraries.Load();
        return Ggml.ggml_quantize_requires_imatrix(type);
    }
}
