using System.Buffers.Binary;
using System.Text;

namespace PaliGguf.Conversion.Sources;

/// <summary>
/// The head of a .npy file, as NumPy writes it: a magic number, a version, a length, and the text of a Python dictionary with the element type, the order of
/// the elements and the shape.
/// </summary>
/// <param name="Type">The element type in NumPy's notation: "&lt;f4".</param>
/// <param name="FortranOrder">Whether the first dimension is the innermost one.</param>
/// <param name="Shape">Outermost dimension first; none for a single number.</param>
internal sealed record NpyHeader(string Type, bool FortranOrder, IReadOnlyList<long> Shape)
{
    /// <summary>The bytes before the first element.</summary>
    public int ByteLength { get; private init; }

    private const int LongestText = 1 << 16;
    private const int MostDimensions = 8;

    /// <summary>Reads a head; afterwards the stream is at the first element.</summary>
    /// <exception cref="FormatException">It is malformed; the message says what is.</exception>
    /// <exception cref="EndOfStreamException">The file is too short.</exception>
    public static NpyHeader Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[8];
        stream.ReadExactly(start);
        if (start[0] != 0x93 || !start[1..].StartsWith("NUMPY"u8)) throw new FormatException("it does not begin with NumPy's magic number");
        if (start[6] is not (1 or 2 or 3)) throw new FormatException($"its version is {start[6]}.{start[7]}, expected 1, 2 or 3");
        Span<byte> length = stackalloc byte[4];
        length.Clear();
        int lengthBytes = start[6] == 1 ? 2 : 4;
        stream.ReadExactly(length[..lengthBytes]);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (count > LongestText) throw new FormatException($"its head has {count} bytes, expected at most {LongestText}");
        byte[] text = new byte[count];
        stream.ReadExactly(text);
        return Parse(Encoding.UTF8.GetString(text)) with { ByteLength = start.Length + lengthBytes + text.Length };
    }

    /// <summary>Reads the dictionary.</summary>
    public static NpyHeader Parse(string text)
    {
        NpyDictionary reader = new(text);
        string? type = null;
        bool? fortran = null;
        List<long>? shape = null;
        reader.Expect('{');
        while (!reader.TryTake('}'))
        {
            string key = reader.TakeText();
            reader.Expect(':');
            switch (key)
            {
                case "descr" when type is null:
                    type = reader.TakeText();
                    break;
                case "fortran_order" when fortran is null:
                    fortran = reader.TakeTruth();
                    break;
                case "shape" when shape is null:
                    shape = reader.TakeNumbers(MostDimensions);
                    break;
                default:
                    throw new FormatException($"its head has an unexpected key {OneLine.Show(key)}");
            }

            if (reader.TryTake(',')) continue;
            reader.Expect('}');
            break;
        }

        reader.ExpectEnd();
        return type is not null && fortran is { } order && shape is not null
            ? new NpyHeader(type, order, shape)
            : throw new FormatException("its head lacks descr, fortran_order or shape");
    }
}
