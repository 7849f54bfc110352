using Microsoft.Win32.SafeHandles;

namespace PaliGguf;

/// <summary>Reads at places of open files.</summary>
internal static class FileHandleReading
{
    extension(SafeFileHandle file)
    {
        /// <summary>Reads until a span is full: the system may hand over less at a time.</summary>
        /// <param name="destination">The span.</param>
        /// <param name="offset">The place in the file.</param>
        /// <returns>How many bytes were read: fewer than wanted only where the file ends.</returns>
        /// <exception cref="IOException">The disk does not give them back.</exception>
        public int ReadFully(Span<byte> destination, long offset)
        {
            int read = 0;
            while (read < destination.Length && RandomAccess.Read(file, destination[read..], offset + read) is > 0 and var count)
                read += count;
            return read;
        }
    }
}
