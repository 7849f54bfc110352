using System;

namespace PaliGguf.Unity
{
    /// <summary>What the library refuses or fails at, in its words.</summary>
    public sealed class PaliException : Exception
    {
        public PaliException(int status, string message)
            : base(message)
        {
            Status = status;
        }

        /// <summary>PALI_ERROR_... of paligguf.h.</summary>
        public int Status { get; }

        internal static void Check(int status)
        {
            if (status < 0) throw new PaliException(status, NativeText.LastError());
        }
    }
}
