using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Samples;
using PaliGguf.Imaging;
using PaliGguf.Parquet;
using ParquetSharp;

namespace PaliGguf.Fuzz.Targets;

/// <summary>Data sets, their pictures where these are in the same file, and what is expected or was found.</summary>
internal static class DatasetTargets
{
    private static readonly DatasetOptions Options = new() { Masks = true, Formats = [new ParquetFormat()] };

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Of("dataset-lines", ["data.jsonl"], paths => Dataset.Read(paths[0], Options)),
        Of("dataset-array", ["data.json"], paths => Dataset.Read(paths[0], Options)),
        Of("coco-instances", ["instances.json"], paths => Dataset.Read(paths[0], Options)),
        Of("refcoco", ["refs.json"], paths => Dataset.Read(paths[0], Options)),
        Of("vqa", ["questions.json", "annotations.json"], paths => Dataset.Read(paths[0], Options with { Annotations = paths[1] })),
        Of("coco-objects", ["results.json", "instances.json"], paths =>
        {
            ObjectResults.IsOne(paths[0]);
            ObjectResults.Read(paths[0], paths[1], masks: true);
        }),
        Of("parquet", ["validation.parquet"], paths =>
        {
            try
            {
                foreach (EvaluationItem item in Dataset.Read(paths[0], Options)) item.Picture.ReadAsync().GetAwaiter().GetResult();
            }
            finally
            {
                CheckNativeMemory();
            }
        }),
        Of("mask", ["mask.json"], paths => DatasetMask.Read(paths[0], new ImageLimits { MaxPixels = 1 << 20 })),
        Of("prompts", ["prompts.jsonl"], paths => PromptFile.Read(paths[0])),
        Of("predictions", ["predictions.jsonl"], paths => PredictionFile.Read(paths[0])),
        Of("coco-results", ["results.json"], paths => PredictionFile.Read(paths[0])),
        Of("references", ["references.jsonl"], paths => ReferenceFile.Read(paths[0])),
        Of("coco-captions", ["captions.json"], paths => ReferenceFile.Read(paths[0])),
    ];

    // Pictures that data sets name by a number are looked for in the folder.
    private static FuzzTarget Of(string name, string[] files, Action<IReadOnlyList<string>> read) => FuzzTarget.OfFiles(
        name,
        files,
        paths =>
        {
            File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(paths[0])!, "7.jpg"), []);
            read(paths);
        },
        failure => failure is PaliException);

    // The most since the process began.
    private static void CheckNativeMemory()
    {
        long most = MemoryPool.GetDefaultMemoryPool().MaxMemory;
        if (most > FuzzTarget.MostBytes) throw new InvalidOperationException($"{most} bytes were allocated outside the runtime.");
    }
}
