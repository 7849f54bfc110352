using System.Text.Json;
using System.Text.Json.Nodes;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Training.Files;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Tuning;

namespace PaliGguf.Training.Results;

/// <summary>An adapter as PEFT 0.14 and newer load it: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
internal static class PeftOutput
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes the folder.</summary>
    /// <param name="folder">The folder, created if need be.</param>
    /// <param name="plan">What was trained.</param>
    /// <param name="trained">The factors.</param>
    /// <param name="baseModel">What the adapter is for.</param>
    /// <param name="olderNames">Whether modules are named as before transformers 4.52, which PEFT renames for newer ones from 0.16
    /// on.</param>
    /// <exception cref="PaliException">It can not be written.</exception>
    public static void Write(string folder, TuningPlan plan, IReadOnlyList<TrainedTensor> trained, string baseModel, bool olderNames)
    {
        Directory.CreateDirectory(folder);
        (string, Tensor)[] factors =
            [.. trained.Select(each => ("base_model.model." + TensorNames.Spell(each.Name, !olderNames), each.Value))];
        TensorFile.Write(Path.Combine(folder, "adapter_model.safetensors"), factors, new Dictionary<string, string> { ["format"] = "pt" });
        byte[] config = JsonSerializer.SerializeToUtf8Bytes(Config(plan, baseModel), Indented);
        PendingFile.Write(Path.Combine(folder, "adapter_config.json"), config);
    }

    // A list of modules would be matched by the ends of names, and so hit the tower too; a text is a regular expression for the whole name.
    private static JsonObject Config(TuningPlan plan, string baseModel) => new()
    {
        ["alpha_pattern"] = new JsonObject(),
        ["auto_mapping"] = new JsonObject
        {
            ["base_model_class"] = "PaliGemmaForConditionalGeneration",
            ["parent_library"] = "transformers.models.paligemma.modeling_paligemma",
        },
        ["base_model_name_or_path"] = baseModel,
        ["bias"] = "none",
        ["exclude_modules"] = null,
        ["fan_in_fan_out"] = false,
        ["inference_mode"] = true,
        ["init_lora_weights"] = true,
        ["layers_pattern"] = null,
        ["layers_to_transform"] = null,
        ["lora_alpha"] = JsonValue.Create(plan.Form.Alpha),
        ["lora_dropout"] = plan.Form.Dropout,
        ["modules_to_save"] = null,
        ["peft_type"] = "LORA",
        ["r"] = plan.Form.Rank,
        ["rank_pattern"] = new JsonObject(),
        ["revision"] = null,
        ["target_modules"] = Pattern(plan),
        ["task_type"] = null,
        ["use_dora"] = false,
        ["use_rslora"] = plan.Form.RankStabilized,
    };

    private static string Pattern(TuningPlan plan)
    {
        string modules = string.Join('|', plan.TargetModules.Select(module => module == "projector" ? "linear" : module));
        return plan.AdaptsTower ? $@".*\.({modules})" : $@".*language_model\..*\.({modules})";
    }
}
