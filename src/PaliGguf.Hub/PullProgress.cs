namespace PaliGguf.Hub;

/// <summary>What a pull is at.</summary>
public enum PullPhase
{
    /// <summary>The hub is asked what there is.</summary>
    Asking,

    /// <summary>What a killed pull has left is read and hashed, to go on after it.</summary>
    Checking,

    /// <summary>A file arrives and is stored as it is.</summary>
    Downloading,

    /// <summary>A checkpoint arrives and is converted as it does.</summary>
    Converting,

    /// <summary>Another attempt is waited for; <see cref="PullProgress.Note"/> tells why.</summary>
    Waiting,
}

/// <summary>How far a pull has come.</summary>
/// <param name="Phase">What it is at.</param>
/// <param name="File">The file; empty where it is none.</param>
/// <param name="BytesDone">The bytes of all files that have arrived, in this run or before.</param>
/// <param name="BytesTotal">The bytes of all files.</param>
/// <param name="Note">What else is to be told; null for nothing.</param>
public readonly record struct PullProgress(PullPhase Phase, string File, long BytesDone, long BytesTotal, string? Note = null);
