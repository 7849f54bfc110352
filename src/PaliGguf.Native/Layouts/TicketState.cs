using System.Runtime.InteropServices;

namespace PaliGguf.Native.Layouts;

/// <summary>pali_ticket_state.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TicketState : ISized
{
    public uint size;
    public TicketStage state;
    public Status status;
    public Finish finish;
    public uint tokens;
    public uint objects;
    public ulong text_bytes;
    public int pictures_read;
    public int prefix_tokens;
    public double vision_seconds;
    public double prefix_seconds;
    public double decode_seconds;

    public uint Size
    {
        readonly get => size;
        set => size = value;
    }

    public static uint Oldest => 64;
}

/// <summary>PALI_TICKET_...</summary>
internal enum TicketStage
{
    Running,
    Done,
    Failed,
    Cancelled,
}

/// <summary>PALI_FINISH_...</summary>
internal enum Finish
{
    None,
    Stop,
    Length,
}
