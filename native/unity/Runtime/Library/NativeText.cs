using System;
using System.Text;

namespace PaliGguf.Unity
{
    // Texts go in with a NUL, and come out in a buffer of the length that the library tells.
    internal static unsafe class NativeText
    {
        internal delegate int Copy(byte* buffer, UIntPtr capacity, out UIntPtr length);

        internal static byte[] Encode(string text)
        {
            byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
            Encoding.UTF8.GetBytes(text, 0, text.Length, bytes, 0);
            return bytes;
        }

        internal static string Read(Copy copy)
        {
            PaliException.Check(copy(null, UIntPtr.Zero, out UIntPtr length));
            // An answer may have grown in between: what it is longer by then is read the next time.
            byte[] buffer = new byte[(int)length + 1];
            fixed (byte* start = buffer) PaliException.Check(copy(start, (UIntPtr)buffer.Length, out _));
            return Encoding.UTF8.GetString(buffer, 0, Array.IndexOf(buffer, (byte)0));
        }

        internal static string ErrorOf(PaliHandle handle) => Read((byte* buffer, UIntPtr capacity, out UIntPtr length)
            => NativeMethods.pali_get_error(handle, buffer, capacity, out length));

        internal static string LastError()
        {
            NativeMethods.pali_last_error(null, UIntPtr.Zero, out UIntPtr length);
            byte[] buffer = new byte[(int)length + 1];
            fixed (byte* start = buffer) NativeMethods.pali_last_error(start, (UIntPtr)buffer.Length, out _);
            return Encoding.UTF8.GetString(buffer, 0, (int)length);
        }
    }
}
