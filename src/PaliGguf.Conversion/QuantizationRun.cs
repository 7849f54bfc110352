using Microsoft.Win32.SafeHandles;
using PaliGguf.Conversion.Output;
using PaliGguf.Conversion.Quantization;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Gguf;
using PaliGguf.Vision;

namespace PaliGguf.Conversion;

/// <summary>Storing one file anew, from start to end.</summary>
internal sealed class QuantizationRun(QuantizationOptions options, IProgress<ConversionProgress>? progress, CancellationToken cancellationToken)
{
    // Of these the new file has its own.
    private static readonly string[] StorageKeys = [GgufPlan.FileTypeKey, GgufPlan.QuantizationVersionKey];
    private const string ImportanceKeys = "quantize.imatrix.";

    public QuantizationResult Run()
    {
        string source = Path.GetFullPath(options.Source);
        using GgufFile file = GgufFile.Open(source);
        using SafeFileHandle handle = CheckpointFile.Open(source);
        string target = Path.GetFullPath(options.Output ?? DefaultOutput(source));
        if (string.Equals(target, source, StringComparison.Ordinal)) throw new ConversionException($"{source}: it can not be replaced by itself: name another file with --out");
        GgufPlan plan = Plan(file, handle);

        ConversionPhase phase = Is(file, "clip") ? ConversionPhase.WritingVision : ConversionPhase.WritingText;
        string name = Path.GetFileName(target);
        progress?.Report(new ConversionProgress(ConversionPhase.Checking, Path.GetFileName(source), 0, plan.TensorBytes));
        using OutputFiles files = OutputFiles.Open(Path.GetDirectoryName(target)!, Path.GetFileNameWithoutExtension(name), [name], progress);
        files.Expect(plan.TensorBytes, MetadataBytes(file));
        files.Write(phase, name, (path, written) => plan.Write(path, written, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        files.Commit();
        return new QuantizationResult(target, file.Length, new FileInfo(target).Length, 8.0 * plan.TensorBytes / plan.Tensors.Sum(entry => entry.Tensor.Source.Count));
    }

    private GgufPlan Plan(GgufFile file, SafeFileHandle handle)
    {
        TensorImportance importance = TensorImportance.Read(options.ImportanceMatrix);
        GgufTensorSet set = GgufTensorSet.Read(file, handle);
        if (!options.AllowRequantizing) set.RequirePrecision(options.Type);
        VisionLayout? linear = LinearProjector(file);
        GgufPlan plan =
            new(linear is null ? set.Tensors : MlpProjector.Plan(set.Tensors, linear.Projector), Recipe(file, importance), importance);
        bool IsCopied(string key) =>
            !IsReplaced(key) && !set.ReplacedKeys.ContainsKey(key) && (linear is null || !MlpProjector.Replaces(key));
        foreach (GgufMetadataEntry entry in file.Metadata.Entries.Where(entry => IsCopied(entry.Key))) plan.Metadata.Copy(entry);
        foreach ((string key, uint value) in set.ReplacedKeys) plan.Metadata.Set(key, value);
        if (linear is not null) MlpProjector.Describe(plan.Metadata, linear.LayerCount);
        plan.SetStorage();
        importance.Describe(plan.Metadata);
        return plan;
    }

    /// <summary>What is to get two layers in place of one; null where all tensors stay.</summary>
    private VisionLayout? LinearProjector(GgufFile file)
    {
        if (options.VisionForm is not { } form) return null;
        if (!Is(file, "clip")) throw new ArgumentException($"{file.Path} is no vision file, and only one of these has a form.");
        bool isMlp = file.FindTensor(MlpProjector.SecondMatrix) is not null;
        if (isMlp && form != VisionForm.Mlp)
        {
            throw new ConversionException(
                $"{file.Path}: its projector has two layers and can not be turned into one: take the file that it was made from");
        }

        return isMlp || form != VisionForm.Mlp ? null : VisionLayout.Read(file);
    }

    private static bool IsReplaced(string key) => StorageKeys.Contains(key) || key.StartsWith(ImportanceKeys, StringComparison.Ordinal);

    private TypeRecipe Recipe(GgufFile file, TensorImportance importance)
    {
        if (Is(file, "clip"))
        {
            TypeChecks.Check(text: null, options.Type, embedding: null);
            return new VisionRecipe(options.Type);
        }

        string architecture = file.Metadata.GetString("general.architecture");
        int layers = file.GetPositive(architecture + ".block_count", 1 << 12);
        int heads = file.GetPositive(architecture + ".attention.head_count", 1 << 16);
        int valueHeads = file.GetPositive(architecture + ".attention.head_count_kv", 1 << 16);
        return new TextRecipe(options.Type, layers, heads / valueHeads, importance.IsWeighted, options.EmbeddingType);
    }

    private static bool Is(GgufFile file, string architecture) => file.Metadata.TryGetString("general.architecture", out string? own) && own == architecture;

    private static long MetadataBytes(GgufFile file) => file.Length - file.Tensors.Sum(tensor => tensor.ByteLength) + (1 << 20);

    /// <summary>The source's name with another type after its last hyphen, and with the form that it gets.</summary>
    private string DefaultOutput(string source)
    {
        string name = Path.GetFileNameWithoutExtension(source);
        int hyphen = name.LastIndexOf('-');
        bool typed = hyphen > 0 && Enum.TryParse(name[(hyphen + 1)..], ignoreCase: true, out ModelFileType _);
        string bare = typed ? name[..hyphen] : name;
        bool toMlp = options.VisionForm == VisionForm.Mlp && !bare.EndsWith(PairFiles.MlpInfix, StringComparison.Ordinal);
        return Path.Combine(Path.GetDirectoryName(source)!, $"{bare}{(toMlp ? PairFiles.MlpInfix : "")}-{options.Type}.gguf");
    }
}
