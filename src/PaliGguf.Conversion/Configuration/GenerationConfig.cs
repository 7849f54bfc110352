using System.Text.Json;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Configuration;

/// <summary>How answers are made, by <c>generation_config.json</c>; without that file by <c>config.json</c>, as transformers makes the one
/// of the other (<c>GenerationConfig.from_model_config</c>).</summary>
/// <param name="Path">The file that tells.</param>
/// <param name="EndTokens">The tokens that end an answer, each once; none where nothing tells.</param>
internal sealed record GenerationConfig(string Path, IReadOnlyList<int> EndTokens)
{
    private const string File = "generation_config.json";
    private const string EndKey = "eos_token_id";
    private const int MostTokens = 1 << 22;
    private const string NotCarried = "answers are not made that way here; to convert without it, set it to null in this file";

    // What each takes away from, or puts into, an answer would be missing in silence.
    private static readonly string[] Rules =
    [
        "forced_bos_token_id", "forced_eos_token_id", "suppress_tokens",
        "begin_suppress_tokens", "bad_words_ids", "sequence_bias", "forced_decoder_ids", "force_words_ids", "constraints",
        "exponential_decay_length_penalty", "watermarking_config", "stop_strings", "penalty_alpha", "dola_layers", "token_healing",
    ];

    private static readonly (string Key, double Neutral)[] Penalties =
    [
        ("repetition_penalty", 1), ("encoder_repetition_penalty", 1),
        ("no_repeat_ngram_size", 0), ("encoder_no_repeat_ngram_size", 0), ("min_length", 0), ("min_new_tokens", 0),
        ("guidance_scale", 1), ("diversity_penalty", 0),
    ];

    // Each request has its own.
    private static readonly string[] Choices =
    [
        "do_sample", "num_beams", "max_new_tokens", "temperature", "top_k",
        "top_p", "min_p", "top_h", "typical_p", "epsilon_cutoff", "eta_cutoff", "num_beam_groups", "early_stopping", "length_penalty",
        "max_length", "max_time", "num_return_sequences",
    ];

    // How transformers computes and reports, and tokens that begin or fill a batch.
    private static readonly string[] Bookkeeping =
    [
        "bos_token_id", "pad_token_id", "decoder_start_token_id",
        "renormalize_logits", "remove_invalid_values", "use_cache", "cache_implementation", "cache_config", "return_legacy_cache",
        "output_attentions", "output_hidden_states", "output_scores",
        "output_logits", "return_dict_in_generate", "transformers_version", "_from_model_config", "low_memory", "is_assistant",
        "num_assistant_tokens", "num_assistant_tokens_schedule", "assistant_confidence_threshold",
        "assistant_lookbehind", "target_lookbehind", "assistant_early_exit", "prompt_lookup_num_tokens",
        "max_matching_ngram_size", "disable_compile", "compile_config", "prefill_chunk_size", "generation_kwargs",
    ];

    /// <summary>Reads what a checkpoint folder says.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="config">All of <c>config.json</c>.</param>
    /// <param name="text">Its part for the decoder, which counts where the whole is silent.</param>
    /// <param name="warnings">Told of what each request has to ask for itself, and of what is unknown.</param>
    /// <exception cref="ModelFormatException">The file is malformed, or asks for what is not done here.</exception>
    public static GenerationConfig Read(string folder, ConfigSection config, ConfigSection text, ConversionWarnings warnings)
    {
        string path = System.IO.Path.Combine(folder, File);
        if (System.IO.File.Exists(path))
        {
            // The model's own file does not count then.
            foreach (ConfigSection section in new[] { config, text })
                section.Ignore([EndKey, .. Rules, .. Penalties.Select(penalty => penalty.Key), .. Choices, .. Bookkeeping]);
            using JsonDocument document = CheckpointFile.ReadJson(path);
            ConfigSection own = new(document.RootElement, path);
            Check(own, warnings);
            GenerationConfig result = new(path, EndsOf(own) ?? []);
            own.WarnOfOthers(warnings);
            return result;
        }

        Check(config, warnings);
        Check(text, warnings);
        return new GenerationConfig(config.Path, EndsOf(config) ?? EndsOf(text) ?? []);
    }

    private static IReadOnlyList<int>? EndsOf(ConfigSection section) =>
        section.Tokens(EndKey, MostTokens) is { } tokens ? [.. tokens.Distinct()] : null;

    private static void Check(ConfigSection section, ConversionWarnings warnings)
    {
        foreach (string key in Rules) section.RequireNone(key, NotCarried);
        foreach ((string key, double neutral) in Penalties) section.RequireNeutral(key, neutral, NotCarried);
        section.Ignore(Choices).Ignore(Bookkeeping);
        if (section.Flag("do_sample") is true)
        {
            WarnOfChoice("do_sample",
                "answers are the likeliest ones unless a request asks for others, by --temperature, --top-k or --top-p");
        }

        if (section.OptionalInteger("num_beams", least: 0) > 1) WarnOfChoice("num_beams", "a request has to ask for it, by --beams");
        if (section.Show("max_new_tokens") is not null) WarnOfChoice("max_new_tokens", "a request has to ask for it, by --max-tokens");

        void WarnOfChoice(string key, string instead) =>
            warnings.Add(section.Path, $"{key} is {section.Show(key)}, which does not go into the model: {instead}");
    }
}
