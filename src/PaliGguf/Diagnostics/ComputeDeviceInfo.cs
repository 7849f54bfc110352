namespace PaliGguf.Diagnostics;

/// <summary>A device that models can be computed on, as the native library describes it.</summary>
/// <param name="Name">The library's short name: "CPU", "CUDA0".</param>
/// <param name="Description">The product's name.</param>
/// <param name="Backend">The backend that drives it: "CPU", "CUDA", "Vulkan", "Metal".</param>
/// <param name="IsGpu">Whether it is a graphics processor, where layers can be offloaded to.</param>
/// <param name="FreeBytes">Memory that is free now; 0 where the library does not tell.</param>
/// <param name="TotalBytes">Memory in total; 0 where the library does not tell.</param>
public sealed record ComputeDeviceInfo(string Name, string Description, string Backend, bool IsGpu, long FreeBytes, long TotalBytes);
