using Microsoft.Extensions.Logging;
using PaliGguf.Adapters;
using PaliGguf.Gguf;
using PaliGguf.Interop;
using PaliGguf.Language;
using PaliGguf.Memory;
using PaliGguf.Products;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;
using PaliGguf.Vision;

namespace PaliGguf;

/// <content>Loading.</content>
public sealed partial class PaliModel
{
    /// <summary>
    /// Below so many bytes of weights one thread does the work: more would mostly wait for each other, and the library's threads wait
    /// by spinning, which costs a hundred times the work itself when something else wants the cores too.
    /// </summary>
    private const long SmallModelBytes = 64L << 20;

    /// <summary>What whoever loads a model should know of its files, and of what he asked for. The library's own lines are of the category of
    /// <see cref="PaliModel"/>.</summary>
    internal const string AdviceCategory = "PaliGguf.Advice";

    private static PaliModel Load(
        ModelFiles files, ILlamaBinding binding, ModelOptions options,
        IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        ILogger logger = options.LoggerFactory.CreateLogger<PaliModel>();
        ILogger advice = options.LoggerFactory.CreateLogger(AdviceCategory);
        progress?.Report(new LoadProgress("checking the files", 0));
        GgufFile? textFile = null;
        TextModel? text = null;
        VisionStage? vision = null;
        TextContext? context = null;
        PaliModel? model = null;
        MemoryPlan? plan = null;
        Task<VisionTower>? tower = null;
        try
        {
            textFile = GgufFile.Open(files.Text);
            TextModelLayout textLayout = TextModelLayout.Read(textFile);
            ListedLanguages languages = ListedLanguages.Read(textFile, advice);
            using GgufFile visionFile = GgufFile.Open(files.Vision);
            VisionLayout visionLayout = VisionLayout.Read(visionFile);
            VisionKeys.WarnOfUnknown(visionFile, advice);
            CheckWidths(files, textLayout, visionLayout);
            FileStamp visionStamp = visionFile.Stamp;
            MachineShape machine = MachineShape.Here();
            MachineAdvice.Give(options, machine.HasGpu, machine.Threads, advice);
            MachineAdvice.GiveOnProducts(options, ProductProcessor.IsCompiledForLess, advice);
            machine = machine.For(options);
            ModelShape shape = ModelShape.Of(textFile, textLayout, visionFile, visionLayout);
            if (options.Memory is not null) options = Decide(shape, options, machine, logger);
            plan = MemoryPlanner.Plan(shape, options, machine);
            bool hasMaskDecoder = MaskDecoder.IsIn(visionFile);
            bool hasMaskEncoder = MaskEncoder.IsIn(visionFile);
            ActivationGate? activations = options.Activations is null ? null : new ActivationGate(options.Activations);
            int threads = Threads(options, textFile.Length + visionFile.Length);
            TextContextOptions contextOptions = TextContextOptions.Of(options, textLayout, visionLayout.Patches, files.Text, threads) with { Activations = activations };
            AdapterInfo[] adapterInfos = [.. options.Adapters.Select(adapter => AdapterInfo.Read(adapter, textFile))];
            cancellationToken.ThrowIfCancellationRequested();

            vision = new VisionStage(visionLayout,
                options.Interpolation ?? visionLayout.Interpolation, LoadTower, staged: options.Vision == VisionPlacement.Staged);
            SoftTokenCache softTokens = new(CacheBytes(options, textLayout, visionLayout));
            LookAt(options.Pictures, vision, softTokens, progress, cancellationToken);
            IProgress<float>? weights = progress is null ? null : new Fraction(progress, "loading the decoder", 0.25f, 0.6f);
            Headroom.Require(plan.Ram.Resident(MemoryPart.DecoderWeights), "the decoder's weights");
            long towerBytes = plan.Ram.Resident(MemoryPart.VisionWeights) + plan.Ram.Resident(MemoryPart.VisionCompute);
            if (options.Vision != VisionPlacement.Staged)
            {
                // Beside the decoder: the one mostly copies memory, the other mostly reads metadata and maps pages.
                Headroom.Require(plan.Ram.Resident(MemoryPart.DecoderWeights) + towerBytes, "the weights");
                tower = PriorityThreads.RunLongAsync(options.Priority, vision.Tower, CancellationToken.None);
            }

            text = TextModel.Load(binding, textFile, textLayout, options, logger, weights, cancellationToken);
            textFile = null;
            LoadedAdapters adapters = LoadedAdapters.Load(adapterInfos, text, logger);
            long workspace = plan.Ram.Resident(MemoryPart.Workspace);
            long contextBytes = plan.Ram.Resident(MemoryPart.KeyValueCache) + plan.Ram.Resident(MemoryPart.DecoderCompute) + plan.Ram.Resident(MemoryPart.Logits) + workspace;
            // A GPU is left to the tower, which finds out there what is fastest.
            if (VisionDevice(options).IsGpu || !Headroom.IsThere(towerBytes + contextBytes)) WaitForTower(0.85f);
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new LoadProgress("preparing the context", 0.9f));
            Headroom.Require(contextBytes, "the context");
            context = new TextContext(text, contextOptions, logger);
            Headroom.Require(workspace, "the first prefix");
            // The library's threads spin where they wait for each other, so one core is left to the tower.
            if (tower is { IsCompleted: false }) context.Threads = Math.Max(1, threads - 1);
            EmbeddingScaleCheck.Run(text, context, files.Text);
            context.Threads = threads;
            WaitForTower(0.95f);
            cancellationToken.ThrowIfCancellationRequested();
            activations?.Open();
            model = new PaliModel(text, adapters, context, vision, softTokens, files, options, plan, threads, languages, visionStamp,
                (hasMaskDecoder, hasMaskEncoder));
            progress?.Report(new LoadProgress("ready", 1));
            return model;

            void WaitForTower(float fraction)
            {
                if (tower is null || tower.IsCompletedSuccessfully) return;
                progress?.Report(new LoadProgress("loading the vision tower", fraction));
                tower.GetAwaiter().GetResult();
            }

            VisionTower LoadTower()
            {
                if (options.Vision == VisionPlacement.Staged && text is not null) RequireRoomBeside(shape, options, machine);
                Headroom.Require(plan!.Ram.Resident(MemoryPart.VisionWeights) + plan.Ram.Resident(MemoryPart.VisionCompute), "the vision tower");
                using GgufFile file = GgufFile.Open(files.Vision);
                // A staged tower is read again for each picture, and another file may have its name by then.
                visionStamp.Require(files.Vision, file.Stamp);
                return new VisionTower(file, VisionLayout.Read(file), VisionDevice(options), TowerSettings.Of(options, threads), logger, activations);
            }
        }
        catch (Exception failure)
        {
            if (model is not null)
            {
                model.Dispose();
                throw;
            }

            context?.Dispose();
            ((Task?)tower)?.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
            vision?.Dispose();
            text?.Dispose();
            textFile?.Dispose();
            if (plan is null || failure is MemoryPlanException or not (ModelMemoryException or OutOfMemoryException)) throw;
            MemoryLimits free = MemoryLimits.Free();
            throw new MemoryPlanException(
                $"{failure.Message} The model needs {plan.Describe()}, and {free.Describe()} can be used: free some, or choose a shorter context, fewer layers on the GPU or a smaller type.",
                plan,
                failure);
        }
    }

    /// <summary>The CPU threads that a model begins with.</summary>
    /// <param name="options">How it is loaded.</param>
    /// <param name="bytes">The bytes of both files.</param>
    internal static int Threads(ModelOptions options, long bytes) =>
        Math.Min(options.Threads ?? (bytes < SmallModelBytes ? 1 : int.MaxValue), Environment.ProcessorCount);

    private static ModelOptions Decide(ModelShape shape, ModelOptions options, MachineShape machine, ILogger logger)
    {
        MemoryDecision decision = MemoryPlanner.Decide(shape, options, machine, picturesFirst: options.Pictures.Count > 0);
        logger.LogInformation("{Explanation}", decision.Explanation);
        return decision.Options;
    }

    /// <summary>A picture that was not known beforehand needs the tower beside the decoder, for a while.</summary>
    private static void RequireRoomBeside(ModelShape shape, ModelOptions options, MachineShape machine)
    {
        if (options.Memory is not { } limits) return;
        MemoryPlan together = MemoryPlanner.Plan(shape, options with { Vision = options.GpuLayers != 0 && machine.HasGpu ? VisionPlacement.Gpu : VisionPlacement.Cpu }, machine);
        if (together.FitIn(limits) != MemoryFit.Exceeds) return;
        throw new MemoryPlanException(
            $"This picture was not known when the model was loaded, and the vision tower does not fit beside the decoder: {together.Describe()}, where {limits.Describe()} are allowed. "
            + "Load the model anew with the picture.",
            together);
    }

    /// <summary>Pictures that are known already are kept, whatever room they need, and else one at least.</summary>
    private static long CacheBytes(ModelOptions options, TextModelLayout text, VisionLayout vision)
    {
        long picture = (long)sizeof(float) * text.EmbeddingLength * vision.Patches;
        return Math.Max(options.SoftTokenCacheBytes == 0 ? 0 : Math.Max(options.SoftTokenCacheBytes, picture), options.Pictures.Count * picture);
    }

    /// <summary>Makes the soft tokens of the pictures that are known already, before the decoder needs its memory.</summary>
    private static void LookAt(
        IReadOnlyList<RgbImage> pictures, VisionStage vision, SoftTokenCache softTokens, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        using IDisposable use = vision.Use();
        for (int index = 0; index < pictures.Count; index++)
        {
            progress?.Report(new LoadProgress("looking at the pictures", 0.2f * index / pictures.Count));
            SoftTokensAsync(pictures[index], vision, softTokens, cancellationToken).GetAwaiter().GetResult();
        }
    }

    private static async Task<(float[] SoftTokens, bool Known)> SoftTokensAsync(
        RgbImage image, VisionStage vision, SoftTokenCache cache, CancellationToken cancellationToken)
    {
        RgbImage resized = vision.Resize(image);
        if (cache.Capacity == 0) return (await vision.EncodeAsync(resized, cancellationToken).ConfigureAwait(false), false);
        return await cache.GetAsync(SoftTokenCache.Key(resized), stop => vision.EncodeAsync(resized, stop), cancellationToken).ConfigureAwait(false);
    }

    private static void CheckWidths(ModelFiles files, TextModelLayout text, VisionLayout vision)
    {
        if (vision.ProjectionLength != text.EmbeddingLength)
        {
            throw new ModelFormatException(
                files.Vision, $"it projects to a width of {vision.ProjectionLength}, and the text model {files.Text} has {text.EmbeddingLength}: the two are not of one checkpoint.");
        }
    }

    /// <summary>The device that a vision tower runs on.</summary>
    internal static ComputeDevice VisionDevice(ModelOptions options)
    {
        bool onCpu = options.Vision == VisionPlacement.Cpu || (options.GpuLayers == 0 && options.Vision != VisionPlacement.Gpu);
        return (onCpu ? null : ComputeDevice.All().FirstOrDefault(device => device.IsGpu)) ?? ComputeDevice.Cpu();
    }

    private sealed class Fraction(IProgress<LoadProgress> progress, string stage, float from, float length) : IProgress<float>
    {
        public void Report(float value) => progress.Report(new LoadProgress(stage, from + (length * value)));
    }
}
