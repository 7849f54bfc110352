using System.Runtime.InteropServices;
using PaliGguf.Native.Calls;
using PaliGguf.Native.Layouts;
using PaliGguf.Native.Work;

namespace PaliGguf.Native;

/// <summary>The functions of paligguf.h about models, and those about models and tickets.</summary>
internal static unsafe class ModelExports
{
    [UnmanagedCallersOnly(EntryPoint = "managed_load")]
    public static int Load(byte* path, LoadOptions* options, ulong* model)
    {
        try
        {
            if (model is null) throw CallException.Argument("model is null.");
            *model = 0;
            *model = Handles.Table.Add(() => new LoadingModel(Texts.Required(path, 0, "path"), LoadSettings.Read(options)));
            return (int)Status.Ok;
        }
        catch (Exception failure)
        {
            return Failures.Keep(failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "managed_poll_model")]
    public static int Poll(ulong model, ModelState* state)
    {
        try
        {
            Sized.Write(state, "state", Handles.Table.Get<LoadingModel>(model).State);
            return (int)Status.Ok;
        }
        catch (Exception failure)
        {
            return Failures.Keep(failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "managed_cancel")]
    public static int Cancel(ulong handle)
    {
        try
        {
            Handles.Table.Get<IHandled>(handle).Cancel();
            return (int)Status.Ok;
        }
        catch (Exception failure)
        {
            return Failures.Keep(failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "managed_get_error")]
    public static int GetError(ulong handle, byte* buffer, nuint capacity, nuint* length)
    {
        try
        {
            string text = Handles.Table.Get<IHandled>(handle).Failure is { } failure ? Failures.TextOf(failure) : "";
            return (int)Texts.Out(text, buffer, capacity, length);
        }
        catch (Exception failure)
        {
            return Failures.Keep(failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "managed_wait")]
    public static int Wait(ulong handle, int milliseconds)
    {
        try
        {
            return (int)(Handles.Table.Get<IHandled>(handle).Ended.Wait(LibraryExports.Time(milliseconds)) ? Status.Ok : Status.Pending);
        }
        catch (Exception failure)
        {
            return Failures.Keep(failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "managed_release")]
    public static int Release(ulong handle)
    {
        try
        {
            Departures.Add(Handles.Table.Remove(handle).DisposeAsync().AsTask());
            return (int)Status.Ok;
        }
        catch (Exception failure)
        {
            return Failures.Keep(failure);
        }
    }
}
