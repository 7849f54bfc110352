using System.Runtime.InteropServices;
using PaliGguf.Native.Calls;
using PaliGguf.Native.Layouts;
using PaliGguf.Native.Work;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Native;

/// <summary>The functions of paligguf.h about answers.</summary>
internal static unsafe class TicketExports
{
    private const byte Inside = 255;

    [UnmanagedCallersOnly(EntryPoint = "managed_submit")]
    public static int Submit(ulong model, Request* request, ulong* ticket)
    {
        Question? question = null;
        try
        {
            if (ticket is null) throw CallException.Argument("ticket is null.");
            *ticket = 0;
            LoadingModel owner = Handles.Table.Get<LoadingModel>(model);
            _ = owner.Ready;
            Question own = question = Question.Read(request);
            *ticket = Handles.Table.Add(() => new Ticket(owner, own));
            return (int)Status.Ok;
        }
        catch (Exception failure)
        {
            question?.Dispose();
            return Failures.Keep(failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "managed_poll")]
    public static int Poll(ulong ticket, TicketState* state)
    {
        try
        {
            Sized.Write(state, "state", Handles.Table.Get<Ticket>(ticket).State);
            return (int)Status.Ok;
        }
        catch (Exception failure)
        {
            return Failures.Keep(failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "managed_get_text")]
    public static int GetText(ulong ticket, ulong offset, byte* buffer, nuint capacity, nuint* length)
    {
        try
        {
            return (int)Handles.Table.Get<Ticket>(ticket).CopyText(offset, buffer, capacity, length);
        }
        catch (Exception failure)
        {
            return Failures.Keep(failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "managed_get_token")]
    public static int GetToken(ulong ticket, uint index, Token* token)
    {
        try
        {
            Sized.Write(token, "token", Handles.Table.Get<Ticket>(ticket).Look(parts => parts.TokenAt(index)));
            return (int)Status.Ok;
        }
        catch (Exception failure)
        {
            return Failures.Keep(failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "managed_get_object")]
    public static int GetObject(ulong ticket, uint index, FoundObject* found)
    {
        try
        {
            Sized.Write(found, "object", Done(ticket).Look(parts => parts.Object(index)));
            return (int)Status.Ok;
        }
        catch (Exception failure)
        {
            return Failures.Keep(failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "managed_get_label")]
    public static int GetLabel(ulong ticket, uint index, byte* buffer, nuint capacity, nuint* length)
    {
        try
        {
            return (int)Texts.Out(Done(ticket).Look(parts => parts.Label(index)), buffer, capacity, length);
        }
        catch (Exception failure)
        {
            return Failures.Keep(failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "managed_get_mask")]
    public static int GetMask(ulong ticket, uint index, byte* pixels, ulong capacity, long stride)
    {
        try
        {
            if (pixels is null) throw CallException.Argument("pixels is null.");
            MaskBitmap mask = Done(ticket).Look(parts => parts.MaskOf(index));
            Int128 row = stride == 0 ? mask.Width : stride;
            if (row < mask.Width) throw CallException.Argument($"stride is {stride}, and a row of the mask has {mask.Width} bytes.");
            Int128 bytes = (row * (mask.Height - 1)) + mask.Width;
            if (bytes > capacity) throw CallException.Argument($"capacity is {capacity}, and the mask takes {bytes} bytes.");
            for (int y = 0; y < mask.Height; y++)
            {
                Span<byte> target = new(pixels + (y * (long)row), mask.Width);
                ReadOnlySpan<byte> source = mask.Pixels.Slice(y * mask.Width, mask.Width);
                for (int x = 0; x < source.Length; x++) target[x] = source[x] != 0 ? Inside : (byte)0;
            }

            return (int)Status.Ok;
        }
        catch (Exception failure)
        {
            return Failures.Keep(failure);
        }
    }

    /// <summary>A ticket whose answer is whole.</summary>
    private static Ticket Done(ulong handle)
    {
        Ticket ticket = Handles.Table.Get<Ticket>(handle);
        return ticket.State.state != TicketStage.Running
            ? ticket : throw new CallException(Status.ErrorNotReady, "The answer is not whole yet: poll the ticket until it is done.");
    }
}
