using System.Text.Json.Nodes;
using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Output;
using PaliGguf.Conversion.Quantization;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Conversion.Tokenizers;

namespace PaliGguf.Conversion.Synthesis;

/// <summary>Writing one synthetic model from start to end.</summary>
internal sealed class SynthesisRun(SynthesisOptions options, IProgress<ConversionProgress>? progress, CancellationToken cancellationToken)
{
    // As published checkpoints are cut.
    private const long LargestShard = 5_000_000_000;
    private const long OtherBytes = 64 * 1024 * 1024;

    private readonly TextConfig _text = SyntheticConfig.Text(options.Size);
    private readonly VisionConfig _vision = SyntheticConfig.Vision(options.Size);
    private readonly SyntheticTensorSet _set = new(options.Seed);

    private string Name => $"synthetic-{options.Size.Name}";

    public IReadOnlyList<string> Run()
    {
        IReadOnlyList<PlannedTensor> text = TextTensors.Plan(_set, _text);
        IReadOnlyList<PlannedTensor> vision = VisionTensors.Plan(_set, _vision, _text.HiddenSize);
        return options.Type is { } type ? WritePair(type, text, vision) : WriteCheckpoint();
    }

    private IReadOnlyList<string> WritePair(ModelFileType type, IReadOnlyList<PlannedTensor> textTensors, IReadOnlyList<PlannedTensor> visionTensors)
    {
        PairFiles files = new(Name, type, options.VisionType ?? VisionRecipe.For(type));
        GgufPlan text = new(textTensors, new TextRecipe(type, _text.Layers, _text.Heads / _text.KeyValueHeads), TensorImportance.Even);
        Vocabulary vocabulary = Vocabulary();
        TextGguf.Describe(text, Name, _text, vocabulary, [vocabulary.EndId], keepSlidingWindow: false);
        GgufPlan vision = new(visionTensors, new VisionRecipe(files.VisionType), TensorImportance.Even);
        VisionGguf.Describe(vision, Name, _vision,
            _text.HiddenSize, ImagePreprocessing.Siglip, VisionForm.PaliGemma);
        using OutputFiles output = files.Open(options.OutputFolder, progress);
        ConversionResult result = files.Write(output, text, vision, scratchBytes: 0, cancellationToken);
        return [result.TextPath, result.VisionPath];
    }

    private IReadOnlyList<string> WriteCheckpoint()
    {
        List<SafetensorsShard> shards = Shards();
        Dictionary<string, Action<string>> others = new()
        {
            ["config.json"] = path => File.WriteAllText(path, SyntheticConfig.Json(options.Size).ToJsonString()),
            ["tokenizer.model"] = path => File.WriteAllBytes(path, SyntheticTokenizer.Model(SyntheticTokenizer.Pieces())),
            ["added_tokens.json"] = path => File.WriteAllText(path, new JsonObject { ["<image>"] = options.Size.ImageToken }.ToJsonString()),
            ["model.safetensors.index.json"] = path => File.WriteAllText(path, Index(shards).ToJsonString()),
        };
        string[] names = [.. shards.Select(shard => shard.Name), .. others.Keys];
        using OutputFiles files = OutputFiles.Open(options.OutputFolder, Name, names, progress);
        files.Expect(shards.Sum(shard => shard.DataBytes), OtherBytes);
        foreach (SafetensorsShard shard in shards)
        {
            files.Write(ConversionPhase.WritingText, shard.Name, (path, written) => shard.Write(path, written, cancellationToken));
        }

        foreach ((string name, Action<string> write) in others) files.Write(ConversionPhase.WritingText, name, (path, _) => write(path));
        cancellationToken.ThrowIfCancellationRequested();
        files.Commit();
        return [.. names.Select(files.PathOf)];
    }

    private List<SafetensorsShard> Shards()
    {
        List<List<PlannedTensor>> contents = [[]];
        long bytes = 0;
        foreach ((string shortName, SyntheticTensor tensor) in _set.Taken)
        {
            long size = tensor.Count * sizeof(ushort);
            if (bytes > 0 && bytes + size > LargestShard)
            {
                contents.Add([]);
                bytes = 0;
            }

            bytes += size;
            contents[^1].Add(new PlannedTensor(TensorNames.Spell(shortName, newGeneration: false), TensorRole.Matrix, tensor));
        }

        return contents.ConvertAll(tensors =>
        {
            SafetensorsShard shard = new($"model-{contents.IndexOf(tensors) + 1:D5}-of-{contents.Count:D5}.safetensors");
            tensors.ForEach(shard.Add);
            return shard;
        });
    }

    private static JsonObject Index(IEnumerable<SafetensorsShard> shards)
    {
        JsonObject map = [];
        foreach (SafetensorsShard shard in shards)
        {
            foreach (string tensor in shard.TensorNames) map[tensor] = shard.Name;
        }

        return new JsonObject { ["weight_map"] = map };
    }

    private Vocabulary Vocabulary()
    {
        SentencePieceModel model = SentencePieceModel.Parse(SyntheticTokenizer.Model(SyntheticTokenizer.Pieces()), "synthetic tokenizer");
        return Tokenizers.Vocabulary.Build(model, [], _text.VocabularySize, options.Size.ImageToken, "synthetic tokenizer");
    }
}
