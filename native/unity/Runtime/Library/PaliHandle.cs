using System;
using System.Runtime.InteropServices;

namespace PaliGguf.Unity
{
    // A model or a ticket of the library, given back once, whoever forgets it.
    internal sealed class PaliHandle : SafeHandle
    {
        public PaliHandle()
            : base(IntPtr.Zero, ownsHandle: true)
        {
        }

        public override bool IsInvalid => handle == IntPtr.Zero;

        protected override bool ReleaseHandle() => NativeMethods.pali_release((ulong)handle.ToInt64()) == 0;
    }
}
