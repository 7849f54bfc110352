using PaliGguf.Conversion.Output;
using PaliGguf.Conversion.Quantization;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Gguf;

namespace PaliGguf.Conversion.Adapters;

/// <summary>
/// An adapter as llama.cpp reads it (src/llama-adapter.cpp): for each matrix <c>NAME.lora_a</c> and <c>NAME.lora_b</c>, and one <c>adapter.lora.alpha</c>, by
/// which the library scales the product of the two with alpha / rank.
/// </summary>
internal static class AdapterGguf
{
    /// <summary>Plans the file.</summary>
    /// <exception cref="ModelFormatException">The adapter touches more than the model's matrices, or does not fit them.</exception>
    public static GgufPlan Plan(PeftAdapter adapter, GgufFile model, string architecture, ModelFileType type)
    {
        RequireTextOnly(adapter);
        float alpha = CommonAlpha(adapter.Updates);
        List<PlannedTensor> tensors = [];
        AdapterProblems problems = new(adapter.Folder, $"the adapter does not fit {model.Path}");
        foreach (LowRankUpdate update in adapter.Updates)
        {
            string shown = OneLine.Show(update.Module);
            if (DecoderMatrices.GgufName(update.Target) is not { } name || !model.TryGetTensor(name, out GgufTensor? tensor)) problems.Add($"the model has no module {shown}");
            else if (!tensor.Shape.Reverse().SequenceEqual(update.Shape)) problems.Add($"{shown} is {OneLine.Show(update.Shape)}, and the model's is {OneLine.Show(tensor.Shape.Reverse())}");
            else tensors.AddRange(Factors(name, update, alpha));
        }

        problems.ThrowIfAny();
        GgufPlan plan = new(tensors, new TextRecipe(type, layers: 1, queriesPerValue: 1), TensorImportance.Even);
        plan.SetGeneral(architecture, "adapter", Path.GetFileName(adapter.Folder));
        plan.Metadata.Set("adapter.type", "lora");
        plan.Metadata.Set("adapter.lora.alpha", alpha);
        return plan;
    }

    private static IEnumerable<PlannedTensor> Factors(string name, LowRankUpdate update, float alpha)
    {
        // 1 but for the modules of a mixed adapter that scale otherwise than most.
        float rest = (float)(update.Scale * update.Rank / alpha);
        yield return new PlannedTensor(name + ".lora_a", TensorRole.Matrix, update.A);
        yield return new PlannedTensor(name + ".lora_b", TensorRole.Matrix, rest == 1 ? update.B : new ScaledTensor(update.B, rest));
    }

    /// <summary>
    /// The alpha of most modules. Where all have the same (always, with one rank and one alpha, rank-stabilized or not), the factors are stored as they were
    /// trained, bit for bit.
    /// </summary>
    private static float CommonAlpha(IReadOnlyList<LowRankUpdate> updates) =>
        updates.CountBy(update => (float)(update.Scale * update.Rank)).MaxBy(pair => pair.Value).Key;

    private static void RequireTextOnly(PeftAdapter adapter)
    {
        AdapterProblems problems = new(adapter.Folder, "only adapters of the text model's matrices can be loaded at run time; merge this one with 'convert --adapter', for it has");
        foreach (LowRankUpdate update in adapter.Updates.Where(update => DecoderMatrices.GgufName(update.Target) is null)) problems.Add(OneLine.Show(update.Module));
        foreach (SourceTensor saved in adapter.Saved.Values) problems.Add(OneLine.Show(saved.Name));
        problems.ThrowIfAny();
    }
}
