namespace PaliGguf;

/// <summary>Where the vision tower's weights are.</summary>
public enum VisionPlacement
{
    /// <summary>In the GPU's memory, as long as the model is loaded.</summary>
    Gpu,

    /// <summary>In main memory, as long as the model is loaded; the CPU computes.</summary>
    Cpu,

    /// <summary>
    /// Loaded for a picture and released after it. The pictures that are known before the decoder is loaded (<see cref="ModelOptions.Pictures"/>) are looked at before it, so
    /// that the two are never in memory together.
    /// </summary>
    Staged,
}
