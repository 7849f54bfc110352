using System;
using System.Runtime.InteropServices;
using PaliGguf.Unity.Layouts;

namespace PaliGguf.Unity
{
    // The functions of paligguf.h. Handles are numbers below 2^52, so a pointer of a 64-bit process holds them.
    internal static unsafe class NativeMethods
    {
        private const string Library = "paligguf";

        [DllImport(Library)]
        internal static extern uint pali_abi_version();

        [DllImport(Library)]
        internal static extern IntPtr pali_status_name(int status);

        [DllImport(Library)]
        internal static extern int pali_describe(byte* buffer, UIntPtr capacity, out UIntPtr length);

        [DllImport(Library)]
        internal static extern int pali_last_error(byte* buffer, UIntPtr capacity, out UIntPtr length);

        [DllImport(Library)]
        internal static extern int pali_settle(int milliseconds);

        [DllImport(Library)]
        internal static extern int pali_estimate(byte* path, LoadOptions* options, MemoryFigure* memory);

        [DllImport(Library)]
        internal static extern int pali_load(byte* path, LoadOptions* options, out PaliHandle model);

        [DllImport(Library)]
        internal static extern int pali_poll_model(PaliHandle model, ModelState* state);

        [DllImport(Library)]
        internal static extern int pali_submit(PaliHandle model, Request* request, out PaliHandle ticket);

        [DllImport(Library)]
        internal static extern int pali_poll(PaliHandle ticket, TicketState* state);

        [DllImport(Library)]
        internal static extern int pali_get_text(PaliHandle ticket, ulong offset, byte* buffer, UIntPtr capacity, out UIntPtr length);

        [DllImport(Library)]
        internal static extern int pali_get_object(PaliHandle ticket, uint index, FoundObject* found);

        [DllImport(Library)]
        internal static extern int pali_get_label(PaliHandle ticket, uint index, byte* buffer, UIntPtr capacity, out UIntPtr length);

        [DllImport(Library)]
        internal static extern int pali_get_mask(PaliHandle ticket, uint index, byte* pixels, ulong capacity, long stride);

        [DllImport(Library)]
        internal static extern int pali_cancel(PaliHandle handle);

        [DllImport(Library)]
        internal static extern int pali_get_error(PaliHandle handle, byte* buffer, UIntPtr capacity, out UIntPtr length);

        // From a finalizer too: it gives the handle back at once, and the library ends the rest in the background.
        [DllImport(Library)]
        internal static extern int pali_release(ulong handle);
    }
}
