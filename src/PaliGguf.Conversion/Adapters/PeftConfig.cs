using System.Text.Json;
using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Adapters;

/// <summary>
/// What <c>adapter_config.json</c> says about the numbers of a LoRA adapter. Which modules it adapts is read from its tensors; settings that only matter for
/// training (dropout, targets, initial values) are passed over.
/// </summary>
internal sealed class PeftConfig
{
    public const string File = "adapter_config.json";
    public const int LargestRank = 4096;

    // How it was trained, and where it comes from.
    private static readonly string[] Bookkeeping =
    [
        "auto_mapping", "peft_version", "base_model_name_or_path", "revision", "inference_mode", "task_type", "target_modules",
        "exclude_modules", "layers_to_transform", "layers_pattern", "lora_dropout", "fan_in_fan_out", "bias", "megatron_config",
        "megatron_core", "loftq_config", "eva_config", "corda_config", "lora_ga_config", "qalora_group_size", "runtime_config",
    ];

    // PEFT's own defaults.
    private const int DefaultRank = 8;
    private const double DefaultAlpha = 8;
    private readonly int _rank;
    private readonly double _alpha;
    private readonly bool _rankStabilized;
    private readonly ModulePatterns? _ranks;
    private readonly ModulePatterns _alphas;

    private PeftConfig(ConfigSection config, ConversionWarnings warnings)
    {
        RequireSupported(config);
        _rank = config.Integer("r", DefaultRank, most: LargestRank);
        _alpha = config.PositiveNumber("lora_alpha", DefaultAlpha);
        _rankStabilized = config.Flag("use_rslora") ?? false;
        _ranks = ReadRanks(config);
        _alphas = new ModulePatterns(config.PositiveNumbers("alpha_pattern"), config.Path, "alpha_pattern");
        TiesSavedEmbedding = config.Flag("ensure_weight_tying") ?? false;
        SavedModules = [.. (config.Array("modules_to_save") ?? []).Select(module => module.GetRawText().Trim('"'))];
        config.Ignore(Bookkeeping).WarnOfOthers(warnings);
    }

    /// <summary>The modules that were trained as a whole: the ends of their paths.</summary>
    public IReadOnlyList<string> SavedModules { get; }

    /// <summary>Whether the embedding was trained as a module of its own, apart from the output matrix unless <see cref="TiesSavedEmbedding"/>.</summary>
    public bool SavesEmbedding => SavedModules.Any(module => module.EndsWith("embed_tokens", StringComparison.Ordinal));

    /// <summary>Whether a saved embedding is the output matrix too.</summary>
    public bool TiesSavedEmbedding { get; }

    /// <summary>Reads a folder's configuration.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="warnings">Told of what is unknown.</param>
    /// <exception cref="ModelFormatException">It is missing or malformed, no LoRA adapter, or asks for more than B A is added to each matrix.</exception>
    public static PeftConfig Read(string folder, ConversionWarnings warnings)
    {
        string path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path) && System.IO.File.Exists(Path.Combine(folder, "config.json")))
        {
            throw new ModelFormatException(folder,
                $"this is a model, not an adapter: an adapter's folder has {File}; a model is converted by 'paligguf convert'");
        }

        using JsonDocument document = CheckpointFile.ReadJson(path);
        return new PeftConfig(new ConfigSection(document.RootElement, path), warnings);
    }

    /// <summary>The inner length that the two factors of a module should have; null where the configuration can not be understood, for the
    /// factors tell it themselves.</summary>
    public double? Rank(string module) => _ranks is null ? null : _ranks.Find(module) ?? _rank;

    /// <summary>The factor that the product of a module's two factors has: alpha / r, or alpha / sqrt(r) where rank-stabilized (arXiv 2312.03732).</summary>
    /// <param name="module">The module's path.</param>
    /// <param name="rank">The inner length of its factors.</param>
    public double Scale(string module, double rank) => (_alphas.Find(module) ?? _alpha) / (_rankStabilized ? Math.Sqrt(rank) : rank);

    private static ModulePatterns? ReadRanks(ConfigSection config)
    {
        IReadOnlyList<(string Name, double Value)> entries = config.PositiveNumbers("rank_pattern");
        try
        {
            return new ModulePatterns(entries, config.Path, "rank_pattern");
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }

    private static void RequireSupported(ConfigSection config)
    {
        if (config.Text("peft_type") is not { } type) throw config.Missing("peft_type");
        if (type != "LORA") throw config.Unsupported("peft_type", type, "LORA");
        const string MergeFirst = "merge the adapter into its base model with PEFT (merge_and_unload), and convert the result";
        config.RequireNone("use_dora", $"weight-decomposed adapters (DoRA) are not supported; {MergeFirst}");
        config.RequireNone("use_qalora", $"QA-LoRA is not supported; {MergeFirst}");
        config.RequireNone("lora_bias", $"biases of the factors are not supported; {MergeFirst}");
        config.RequireNone("layer_replication", $"stacked copies of layers are not supported; {MergeFirst}");
        config.RequireNone("target_parameters", $"adapters of bare parameters (mixtures of experts) are not supported; {MergeFirst}");
        config.RequireNone("trainable_token_indices", $"rows of the embedding that were trained alone are not supported; {MergeFirst}");
        config.RequireNone("alora_invocation_tokens", "activated LoRA, which begins in the middle of a text, is not supported");
        config.RequireNone("arrow_config", "routed adapters are not supported");

        // The others replace the base weights by what the first factors leave of them, so that theirs are not those of the checkpoint.
        if (!config.IsFlag("init_lora_weights") && config.Text("init_lora_weights") is { } start && start is not ("gaussian" or "eva" or "orthogonal"))
        {
            throw new ModelFormatException(
                config.Path, $"init_lora_weights is {OneLine.Show(start)}, which changes the base weights too: save the adapter with path_initial_model_for_weight_conversion, or {MergeFirst}");
        }
    }
}
