using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>A flag that a native computation asks whether it should end early.</summary>
internal sealed unsafe class AbortFlag : IDisposable
{
    private int* _flag = (int*)NativeMemory.AllocZeroed(1, sizeof(int));

    public bool Requested
    {
        get => Volatile.Read(ref *_flag) != 0;
        set => Volatile.Write(ref *_flag, value ? 1 : 0);
    }

    /// <summary>For <see cref="ComputeDevice.IsSet"/>; valid until this is disposed.</summary>
    public int* Pointer => _flag;

    public void Dispose()
    {
        NativeMemory.Free(_flag);
        _flag = null;
    }
}
