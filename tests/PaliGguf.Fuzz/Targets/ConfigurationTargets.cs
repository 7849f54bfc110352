using PaliGguf.Conversion;
using PaliGguf.Conversion.Adapters;
using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Tokenizers;

namespace PaliGguf.Fuzz.Targets;

/// <summary>The JSON files of checkpoints and adapters.</summary>
internal static class ConfigurationTargets
{
    // The smallest that is one: the rest of a folder is the input.
    private const string Config = """
        {"model_type":"paligemma","image_token_index":300,"projection_dim":8,
         "text_config":{"model_type":"gemma","hidden_size":8,"intermediate_size":16,"num_attention_heads":1,"num_hidden_layers":1,
          "num_key_value_heads":1,"head_dim":8,"vocab_size":400},
         "vision_config":{"model_type":"siglip_vision_model","hidden_size":8,"intermediate_size":16,"num_attention_heads":1,
          "num_hidden_layers":1,"image_size":28,"patch_size":14}}
        """;

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Of("config", "config.json", ReadConfig),
        Of("generation-config", "generation_config.json", ReadConfig),
        Of("preprocessor-config", "preprocessor_config.json", folder =>
        {
            ConversionWarnings warnings = new();
            ImagePreprocessing.Read(folder, CheckpointConfig.Read(folder, warnings).Vision, warnings);
        }),
        Of("added-tokens", "added_tokens.json", folder => AddedTokens.Read(folder)),
        Of("tokenizer", "tokenizer.json", folder => AddedTokens.Read(folder)),
        Of("peft", "adapter_config.json", folder => PeftConfig.Read(folder, new ConversionWarnings())),
    ];

    private static FuzzTarget Of(string name, string file, Action<string> read) => FuzzTarget.OfFile(
        name,
        file,
        path =>
        {
            string folder = Path.GetDirectoryName(path)!, config = Path.Combine(folder, "config.json");
            if (path != config) File.WriteAllText(config, Config);
            read(folder);
        },
        failure => failure is ModelFormatException);

    private static void ReadConfig(string folder) => CheckpointConfig.Read(folder, new ConversionWarnings());
}
