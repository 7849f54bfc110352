namespace PaliGguf.Conversion;

/// <summary>For whose code a vision file is written.</summary>
public enum VisionForm
{
    /// <summary>PaliGguf's: PaliGemma's projector as it is, one linear layer.</summary>
    PaliGemma,

    /// <summary>
    /// That of llama.cpp's own vision library (libmtmd, which LLamaSharp binds): the same linear projector as the two layers that LLaVA
    /// has, and no mask decoder. PaliGguf does not read it, and what runs it still lacks PaliGemma's full attention over picture and
    /// prompt.
    /// </summary>
    Mlp,
}
