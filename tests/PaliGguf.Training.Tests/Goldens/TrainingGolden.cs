using System.Text.Json;
using PaliGguf.Conversion;
using PaliGguf.Imaging;
using PaliGguf.Tests;
using PaliGguf.Training.Examples;
using PaliGguf.Training.Network;
using PaliGguf.Training.Runtime;

namespace PaliGguf.Training.Tests.Goldens;

/// <summary>
/// Reference values of a small checkpoint, made in float64 by a program that knows nothing of this project: examples, losses, gradients
/// and trajectories. They lie in tests/golden/training, or in the folder that PALIGGUF_TRAINING_GOLDENS names.
/// </summary>
internal sealed class TrainingGolden
{
    private static readonly string Folder =
        Environment.GetEnvironmentVariable("PALIGGUF_TRAINING_GOLDENS") is { Length: > 0 } folder ? folder : Repository.Golden("training");

    private readonly string _pictures;

    private TrainingGolden(string name)
    {
        TorchRuntime.Load(threads: 1);
        Values = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json"))).RootElement;
        Arrays = SafetensorsArrays.Load(Path.Combine(Folder, name + ".safetensors"));
        string model = Values.GetProperty("model").GetString()!;
        string own = Path.Combine(Folder, model);
        (Checkpoint, _pictures) = Directory.Exists(own) ? (Path.Combine(own, "model"), own)
            : model == "pali-nano"
            ? (Path.Combine(Repository.PaliNano, "checkpoint"), Path.Combine(Repository.PaliNano, "samples"))
            : (Path.Combine(Repository.Golden(model), "model"), Repository.Golden(model));
        Examples =
        [
            .. Values.GetProperty("examples").EnumerateArray()
                .Select(each => new ExampleTokens(Ids(each, "prefix_ids"), Ids(each, "suffix_ids"))),
        ];
    }

    /// <summary>The names of all sets in the folder.</summary>
    public static IEnumerable<string> Names { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*.json")
            .Where(file => File.Exists(Path.ChangeExtension(file, ".safetensors")))
            .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal),
    ];

    public string Checkpoint { get; }

    public JsonElement Values { get; }

    public SafetensorsArrays Arrays { get; }

    public IReadOnlyList<ExampleTokens> Examples { get; }

    public JsonElement Trajectories => Values.GetProperty("trajectories");

    public static TrainingGolden Load(string name) => new(name);

    public static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file))).RootElement;

    /// <summary>The checkpoint as a GGUF pair.</summary>
    public async Task<ModelFiles> FilesAsync(ModelFileType type = ModelFileType.F32)
    {
        ConversionResult pair = await ConvertedModels.Get(Checkpoint, type, keepWindow: true);
        return new ModelFiles(pair.TextPath, pair.VisionPath);
    }

    /// <summary>The checkpoint as a network.</summary>
    public async Task<PairNetwork> OpenAsync(NetworkOptions? options = null) =>
        PairNetwork.Open(await FilesAsync(), options ?? new NetworkOptions());

    /// <summary>Some of the examples, as a batch with its pixels.</summary>
    public Batch Batch(PairNetwork network, params int[] numbers)
    {
        JsonElement examples = Values.GetProperty("examples");
        RgbImage[] pictures = [.. numbers.Select(number =>
            ImageFile.Load(Path.Combine(_pictures, examples[number].GetProperty("image").GetString()!)))];
        return new Batch([.. numbers.Select(number => Examples[number])], PixelTensors.Of(pictures, network.Tower));
    }

    /// <summary>Examples by the name of a batch.</summary>
    public Batch Batch(PairNetwork network, string name) =>
        Batch(network, [.. Values.GetProperty("batches").GetProperty(name).GetProperty("examples").EnumerateArray()
            .Select(each => each.GetInt32())]);

    private static int[] Ids(JsonElement example, string name) =>
        [.. example.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
