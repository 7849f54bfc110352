namespace PaliGguf;

/// <summary>What the threads that compute leave to others who want the processor's cores.</summary>
public enum ComputePriority
{
    /// <summary>They are threads like the others of the program.</summary>
    Normal,

    /// <summary>They give way to threads of normal priority: a nice value of 10 on Linux, below normal on Windows. No difference
    /// elsewhere.</summary>
    Low,

    /// <summary>They compute when nobody else wants a core: SCHED_IDLE on Linux, the lowest priority on Windows. No difference
    /// elsewhere.</summary>
    Idle,
}
