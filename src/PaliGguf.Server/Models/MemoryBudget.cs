using Microsoft.AspNetCore.Http;
using PaliGguf.Memory;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Models;

/// <summary>What a loaded model takes, in bytes: of main memory, mapped files included, and of the GPU's.</summary>
internal readonly record struct ModelNeeds(long Ram, long Vram);

/// <summary>The memory that all models of a server share: what was set, or else what was free when the first was loaded.</summary>
internal sealed class MemoryBudget(ServerOptions options)
{
    private readonly Lazy<MemoryLimits> _limits = new(() => options.ModelOptions.Memory ?? MemoryLimits.Free());

    /// <summary>What a model will take, by arithmetic.</summary>
    /// <exception cref="RejectionException">That is more than all of the memory.</exception>
    /// <exception cref="ModelFormatException">It is no model.</exception>
    public ModelNeeds NeedsOf(ListedModel model)
    {
        ModelShape shape = ModelShape.Read(model.Files);
        MachineShape machine = MachineShape.Here();
        try
        {
            MemoryPlan plan = options.ModelOptions.Memory is { } set
                ? MemoryPlanner.Decide(shape, options.ModelOptions, machine with { HasGpu = machine.HasGpu && set.Vram != 0 }, picturesFirst: false).Plan
                : MemoryPlanner.Plan(shape, options.ModelOptions, machine);
            return plan.FitIn(_limits.Value) == MemoryFit.Exceeds
                ? throw TooLarge(model, plan) : new ModelNeeds(plan.Ram.WorkingBytes, plan.Vram.Bytes);
        }
        catch (MemoryPlanException nothing)
        {
            throw TooLarge(model, nothing.Plan);
        }
    }

    /// <summary>Whether a model has room beside others.</summary>
    public bool HasRoom(ModelNeeds model, IEnumerable<ModelNeeds> others)
    {
        (long ram, long vram) = (model.Ram, model.Vram);
        foreach (ModelNeeds other in others) (ram, vram) = (ram + other.Ram, vram + other.Vram);
        return ram <= (_limits.Value.Ram ?? long.MaxValue) && vram <= (_limits.Value.Vram ?? long.MaxValue);
    }

    private RejectionException TooLarge(ListedModel model, MemoryPlan plan) => new(
        StatusCodes.Status503ServiceUnavailable, "model_too_large",
        $"The model '{model.Name}' needs {plan.Describe()}, and the server may use {_limits.Value.Describe()} (--ram, --vram).");
}
