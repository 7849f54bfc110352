using PaliGguf.Conversion;
using PaliGguf.Evaluation.Encoders;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Encoders;

/// <summary>A model with random weights that tests share.</summary>
internal static class BertModels
{
    private static readonly Lazy<string> Made = new(() => BertConverter.ConvertAsync(new BertConversionOptions
    {
        Source = BertFolder.Random(20, words: ["Ein", "Hund", "und", "eine", "Katze", "schlafen", ".", "หมา", "นอน", "บน", "เตียง"])
            .Save(ConvertedModels.NewFolder()),
        OutputFolder = ConvertedModels.NewFolder(),
        Layer = 2,
    }).GetAwaiter().GetResult().Path);

    private static readonly Lazy<BertEncoder> Loaded = new(() => BertEncoder.Load(Made.Value));

    public static string Path => Made.Value;

    public static BertEncoder Encoder => Loaded.Value;
}
