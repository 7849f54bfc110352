using System;
using PaliGguf.Unity.Layouts;

namespace PaliGguf.Unity
{
    /// <summary>An answer that is being made. No member waits: poll it once a frame. Dispose ends it in the middle.</summary>
    public sealed unsafe class PaliAnswer : IDisposable
    {
        private readonly PaliHandle _handle;
        private TicketState _state;

        internal PaliAnswer(PaliHandle handle) => _handle = handle;

        /// <summary>As of the last poll.</summary>
        public int Tokens => (int)_state.tokens;

        /// <summary>The answer so far, of whatever length.</summary>
        public string Text => NativeText.Read((byte* buffer, UIntPtr capacity, out UIntPtr length)
            => NativeMethods.pali_get_text(_handle, 0, buffer, capacity, out length));

        /// <summary>Whether it is whole.</summary>
        /// <exception cref="PaliException">It failed, or was cancelled.</exception>
        public bool Poll()
        {
            TicketState state = new TicketState { size = (uint)sizeof(TicketState) };
            PaliException.Check(NativeMethods.pali_poll(_handle, &state));
            _state = state;
            if (state.state == 0) return false;
            if (state.state == 1) return true;
            string error = NativeText.ErrorOf(_handle);
            throw new PaliException(state.status, error.Length > 0 ? error : "The answer was cancelled.");
        }

        /// <summary>What was found, the surest first, once it is whole.</summary>
        public PaliFound[] Found()
        {
            PaliFound[] all = new PaliFound[_state.objects];
            for (uint index = 0; index < all.Length; index++) all[index] = FoundAt(index);
            return all;
        }

        /// <summary>Ends it early: the next poll says so.</summary>
        public void Cancel() => PaliException.Check(NativeMethods.pali_cancel(_handle));

        public void Dispose() => _handle.Dispose();

        private PaliFound FoundAt(uint index)
        {
            FoundObject found = new FoundObject { size = (uint)sizeof(FoundObject) };
            PaliException.Check(NativeMethods.pali_get_object(_handle, index, &found));
            string label = NativeText.Read((byte* buffer, UIntPtr capacity, out UIntPtr length)
                => NativeMethods.pali_get_label(_handle, index, buffer, capacity, out length));
            if (found.mask_width == 0) return new PaliFound(label, found, null);
            byte[] mask = new byte[found.mask_width * found.mask_height];
            fixed (byte* pixels = mask) PaliException.Check(NativeMethods.pali_get_mask(_handle, index, pixels, (ulong)mask.Length, 0));
            return new PaliFound(label, found, mask);
        }
    }
}
