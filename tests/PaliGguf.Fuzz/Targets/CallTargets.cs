using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PaliGguf.Native.Calls;
using PaliGguf.Native.Layouts;
using PaliGguf.Native.Work;

namespace PaliGguf.Fuzz.Targets;

/// <summary>What callers of the C library fill in.</summary>
internal static unsafe class CallTargets
{
    // More than a struct may have.
    private const int Room = 4096;

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("c-request", ReadRequest, failure => failure is CallException or ArgumentException { Source: "PaliGguf" or "libpaligguf" }),
    ];

    /// <summary>
    /// A request, and behind it the memory that its pointers stand in: as numbers of bytes from there on, null for 0. What a caller can
    /// not be checked for, that this memory is his and as long as he says, is made true.
    /// </summary>
    private static void ReadRequest(byte[] input)
    {
        int head = Math.Min(input.Length, sizeof(Request));
        ReadOnlySpan<byte> rest = input.AsSpan(head);
        // A zero at the end, for texts that end by one.
        byte* memory = (byte*)NativeMemory.AllocZeroed((nuint)(Room + rest.Length + 1));
        try
        {
            input.AsSpan(0, head).CopyTo(new Span<byte>(memory, Room));
            byte* there = memory + Room;
            rest.CopyTo(new Span<byte>(there, rest.Length));
            Request* request = (Request*)memory;
            request->text_bytes = Length(request->text_bytes, request->text, rest.Length);
            request->text = Place(request->text, there, rest.Length);
            request->language = Place(request->language, there, rest.Length);
            SetPictures(request, there, rest.Length);
            using Question question = Question.Read(request);
            foreach (GivenPicture picture in question.Pictures) picture.Read();
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    private static void SetPictures(Request* request, byte* there, int length)
    {
        byte* first = Place(request->pictures, there, length);
        request->pictures = first;
        if (first is null) return;
        long left = there + length - first;
        if (left < sizeof(uint))
        {
            request->pictures = null;
            return;
        }

        uint size = Unsafe.ReadUnaligned<uint>(first);
        if (size < sizeof(Picture) || size > Room) return;
        request->picture_count = (uint)Math.Min(request->picture_count, left / size);
        for (uint i = 0; i < request->picture_count; i++)
        {
            Picture* picture = (Picture*)(first + (i * size));
            picture->pixel_bytes = Length(picture->pixel_bytes, picture->pixels, length);
            picture->pixels = Place(picture->pixels, there, length);
        }
    }

    private static byte* Place(byte* offset, byte* there, int length) =>
        offset is null ? null : there + ((ulong)offset % ((ulong)length + 1));

    // How much is there behind a place, at most.
    private static ulong Length(ulong told, byte* offset, int length) =>
        Math.Min(told, (ulong)length - ((ulong)offset % ((ulong)length + 1)));
}
