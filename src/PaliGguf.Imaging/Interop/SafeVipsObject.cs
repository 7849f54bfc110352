using System.Runtime.InteropServices;

namespace PaliGguf.Imaging.Interop;

/// <summary>One reference to an image, an operation or a region of libvips.</summary>
internal sealed class SafeVipsObject : SafeHandle
{
    public SafeVipsObject()
        : base(0, ownsHandle: true)
    {
    }

    public SafeVipsObject(nint instance)
        : base(instance, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        GObject.g_object_unref(handle);
        return true;
    }
}
