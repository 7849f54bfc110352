using Microsoft.Extensions.Logging;
using PaliGguf.Products;

namespace PaliGguf;

/// <summary>What was asked of a machine that has not got it.</summary>
internal static class MachineAdvice
{
    /// <summary>Tells what can not be had.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="hasGpu">Whether the libraries found a GPU.</param>
    /// <param name="processors">How many threads run at once.</param>
    /// <param name="logger">Is told.</param>
    public static void Give(ModelOptions options, bool hasGpu, int processors, ILogger logger)
    {
        if (!hasGpu && (options.GpuLayers > 0 || options.Memory?.Vram > 0))
        {
            logger.LogWarning(
                "{Wish} were asked for, and no GPU was found: everything is computed on the CPU ('paligguf doctor' tells what there is).",
                options.GpuLayers > 0 ? "Layers on a GPU" : "Bytes of a GPU's memory");
        }

        if (options.Threads > processors)
        {
            logger.LogWarning(
                "{Threads} threads were asked for; it is {Processors}, as many as run at once here: more would wait for each other.",
                options.Threads,
                processors);
        }
    }

    /// <summary>Tells of products that the program was compiled without.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="isCompiledForLess">Whether it was: <see cref="ProductProcessor.IsCompiledForLess"/>.</param>
    /// <param name="logger">Is told.</param>
    public static void GiveOnProducts(ModelOptions options, bool isCompiledForLess, ILogger logger)
    {
        if (!isCompiledForLess || options.Products != MatrixProducts.Auto) return;
        logger.LogInformation(
            "The program was compiled ahead of time for processors without AVX2, which this one has: llama.cpp multiplies, which is slower. "
                + "Publish it with {Setting}.",
            ProductProcessor.PublishWith);
    }
}
