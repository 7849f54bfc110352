namespace PaliGguf.Native.Layouts;

/// <summary>A struct of paligguf.h that begins with its size, so that it can grow at its end.</summary>
internal interface ISized
{
    /// <summary>The bytes that the caller says it has.</summary>
    uint Size { get; set; }

    /// <summary>The bytes that it had when it was first published: nobody has fewer.</summary>
    static abstract uint Oldest { get; }
}
