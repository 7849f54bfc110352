using PaliGguf.Interop;
using PaliGguf.Language;
using PaliGguf.Products;
using PaliGguf.Vision;

namespace PaliGguf.Memory;

/// <summary>
/// Tells what a model will cost before anything is loaded: by arithmetic and by a replay of the library's allocator (<see cref="GraphAllocation"/>), without a native call.
/// What it tells of the CPU is compared with the library's own figures in the tests and in docs/memory.md; what it tells of a GPU follows the same source code.
/// </summary>
public static class MemoryPlanner
{
    // Measured: the runtime, the native libraries and their code; and the vocabulary: ours, and what the library's reading of the file leaves behind.
    private const long ProcessBytes = 68L << 20;
    private const long VocabularyBytesPerToken = 320;

    /// <summary>Plans for options as they are.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="options">How it is to be loaded.</param>
    /// <param name="machine">Where.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InferenceException">The context is longer than the model was trained for.</exception>
    public static MemoryPlan Plan(ModelShape shape, ModelOptions options, MachineShape machine)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(machine);
        options.Validate();
        TextContextOptions context = TextContextOptions.Of(options, shape.Text, shape.Vision.Patches, shape.Name, machine.Threads);
        int gpuLayers = !machine.HasGpu ? 0 : options.GpuLayers < 0 ? shape.LayerCount + 1 : Math.Min(options.GpuLayers, shape.LayerCount + 1);
        VisionPlacement vision = options.Vision ?? (gpuLayers > 0 ? VisionPlacement.Gpu : VisionPlacement.Cpu);
        if (vision == VisionPlacement.Gpu && !machine.HasGpu) vision = VisionPlacement.Cpu;
        Ledger ledger = new(shape, options, machine, context, gpuLayers, vision);
        return new MemoryPlan
        {
            Ram = new DeviceMemory(ledger.Ram),
            Vram = new DeviceMemory(ledger.Vram),
            ContextLength = context.Length,
            PrefixLength = context.PrefixLength,
            Sequences = context.Sequences,
            CacheType = context.CacheType,
            GpuLayers = gpuLayers,
            Vision = vision,
        };
    }

    /// <summary>Chooses what the options leave open so that the model stays within their limits (<see cref="ModelOptions.Memory"/>).</summary>
    /// <param name="shape">The model.</param>
    /// <param name="options">How it is to be loaded. What they set stays as it is: <see cref="ModelOptions.GpuLayers"/>, <see cref="ModelOptions.CacheType"/>,
    /// <see cref="ModelOptions.Vision"/> and <see cref="ModelOptions.Sequences"/>.</param>
    /// <param name="machine">Where.</param>
    /// <param name="picturesFirst">Whether the pictures are there before the decoder is loaded, so that the tower can be staged.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InferenceException">The context is longer than the model was trained for.</exception>
    /// <exception cref="MemoryPlanException">Nothing fits; the message tells what comes nearest, and what would.</exception>
    public static MemoryDecision Decide(ModelShape shape, ModelOptions options, MachineShape machine, bool picturesFirst)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(machine);
        return new MemoryChooser(shape, options, machine, picturesFirst).Choose();
    }

    /// <summary>Adds up the parts of one plan.</summary>
    private sealed class Ledger
    {
        private readonly ModelShape _shape;
        private readonly ModelOptions _options;
        private readonly MachineShape _machine;
        private readonly TextContextOptions _context;
        private readonly int _firstGpuLayer;
        private readonly bool _ownProducts;
        private readonly MemoryStage _text;
        private readonly MemoryStage _picture;

        public Ledger(ModelShape shape, ModelOptions options, MachineShape machine, TextContextOptions context, int gpuLayers, VisionPlacement vision)
        {
            (_shape, _options, _machine, _context) = (shape, options, machine, context);
            _firstGpuLayer = shape.LayerCount + 1 - gpuLayers;
            // The library would repack the matrices that there is no code for, so it is all or none (LlamaBinding).
            _ownProducts = machine.OwnProducts && options.MayMultiply && (options.GpuLayers == 0 || !machine.HasGpu)
                && shape.TextTensors.All(tensor => tensor.Shape.Length < 2 || TakesText(tensor));
            bool staged = vision == VisionPlacement.Staged;
            _picture = staged ? MemoryStage.Picture : MemoryStage.Always;
            _text = staged ? MemoryStage.Answer : MemoryStage.Always;
            AddDecoderWeights();
            AddCache();
            AddDecoderCompute();
            bool towerOnGpu = vision == VisionPlacement.Gpu || (staged && gpuLayers > 0);
            AddTower(towerOnGpu ? Vram : Ram, towerOnGpu);
            AddRest(towerOnGpu);
        }

        public List<MemoryUse> Ram { get; } = [];

        public List<MemoryUse> Vram { get; } = [];

        private TextModelLayout Text => _shape.Text;

        private void AddDecoderWeights()
        {
            if (_options.WeightsAreLoaded) return;
            WeightGroups weights = _shape.TextWeights;
            long gpu = weights.Layers.Skip(_firstGpuLayer).Sum(layer => layer.Sum(AlignedBytes));
            TensorShape[] onCpu = [.. weights.Layers.Take(_firstGpuLayer).SelectMany(layer => layer)];
            bool outputOnGpu = _firstGpuLayer <= Text.LayerCount;
            // The embedding is looked up on the CPU always. As the output matrix it lies once more where that is multiplied, unless it is the same memory.
            long packed = onCpu.Where(PacksText).Sum(_machine.Packing.PackedBytes);
            long plain = onCpu.Where(tensor => !PacksText(tensor)).Sum(AlignedBytes) + AlignedBytes(weights.Embedding);
            long norms = weights.Output.Sum(AlignedBytes);
            if (outputOnGpu) gpu += AlignedBytes(weights.Embedding) + norms;
            else plain += norms;
            if (!outputOnGpu && PacksText(weights.Embedding)) packed += _machine.Packing.PackedBytes(weights.Embedding);

            Add(Vram, MemoryPart.DecoderWeights, gpu, _text);
            Add(Ram, MemoryPart.DecoderWeights, packed, _text);
            Add(Ram, MemoryPart.DecoderWeights, plain, _text, mapped: _options.MemoryMap);
        }

        private void AddCache()
        {
            long row = _context.CacheType.RowByteLength((long)Text.KeyValueHeadCount * Text.HeadLength);
            long layer = 2 * row * _context.Length * _context.Sequences;
            Add(Ram, MemoryPart.KeyValueCache, layer * Math.Min(_firstGpuLayer, Text.LayerCount), _text);
            Add(Vram, MemoryPart.KeyValueCache, layer * Math.Max(Text.LayerCount - _firstGpuLayer, 0), _text);
        }

        private void AddDecoderCompute()
        {
            int sequences = _context.Sequences + _context.Branches;
            int cells = _context.Length * _context.Sequences;
            // The library reserves as if all sequences came at once, with equally many rows each.
            int rows = (_context.PrefixLength + sequences - 1) / sequences * sequences;
            bool flash = _context.CacheType != GgmlType.F32;
            DecoderBatch prefix = new(rows, cells, Math.Min(sequences, rows), _context.CacheType, flash);
            long whole = Math.Max(DecoderGraph.Bytes(Text, prefix), DecoderGraph.Bytes(Text, prefix with { Rows = sequences, Outputs = sequences }));
            long logits = 4L * Text.VocabularySize * sequences;
            Add(Ram, MemoryPart.Logits, logits, _text);
            if (_firstGpuLayer > Text.LayerCount)
            {
                Add(Ram, MemoryPart.DecoderCompute, whole, _text);
                return;
            }

            // The graph is cut where it changes the device. Inputs and embeddings are made on the CPU and copied over; with layers on both, each holds one layer at a time.
            long inputs = DecoderGraph.InputBytes(Text, prefix) + (4L * Text.EmbeddingLength * rows);
            bool both = _firstGpuLayer > 0;
            Add(Ram, MemoryPart.DecoderCompute, both ? whole : inputs, _text);
            // For a long batch the CPU's layers are multiplied on the GPU too, from copies of their matrices.
            long copies = both ? _shape.TextWeights.Layers[0].Select(tensor => tensor.Bytes).OrderDescending().Take(2).Sum() : 0;
            Add(Vram, MemoryPart.DecoderCompute, whole + copies, _text);
        }

        private void AddTower(List<MemoryUse> device, bool onGpu)
        {
            long weights = _shape.VisionTensors.Sum(tensor => onGpu || !PacksVision(tensor) ? AlignedBytes(tensor) : _machine.Packing.PackedBytes(tensor));
            TowerForm form = TowerForm.Of(_shape.Vision, _shape.VisionTensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Type, StringComparer.Ordinal), _options.Attention, onGpu, _machine.OwnProducts && _options.Products == MatrixProducts.Auto, observed: _options.Activations is not null);
            Add(device, MemoryPart.VisionWeights, weights, _picture);
            Add(device, MemoryPart.VisionCompute, TowerCompute(form, onGpu), _picture);
        }

        /// <summary>One, two, four pictures at once each have memory of their own. What a GPU is fastest with is not known before it is there: the larger is planned.</summary>
        private long TowerCompute(TowerForm form, bool onGpu)
        {
            int most = _options.Memory is null ? TowerSettings.PicturesOn(onGpu, _shape.Vision) : 1;
            IReadOnlyList<VisionAttention> ways = onGpu && _options.Attention == VisionAttention.Auto ? TowerForm.OnGpu : [form.Attention];
            long bytes = 0;
            for (int pictures = 1; pictures <= most; pictures *= 2) bytes += ways.Max(way => TowerGraph.Bytes(_shape.Vision, form with { Attention = way, Pictures = pictures }));
            return bytes;
        }

        private void AddRest(bool towerOnGpu)
        {
            long patch = 4L * _shape.Vision.PatchLength * _shape.Vision.Patches;
            long softTokens = _shape.SoftTokenBytes;
            if (!towerOnGpu) Add(Ram, MemoryPart.Workspace, Rounded(_shape.VisionTensors, _shape.Vision.Patches, TakesVision), _picture);
            if (_firstGpuLayer > 0)
                Add(Ram, MemoryPart.Workspace, Rounded(_shape.TextWeights.Layers[0], _context.PrefixLength, TakesText), _text);
            Add(Ram, MemoryPart.Workspace, patch, _picture);
            long cached = _options.SoftTokenCacheBytes == 0 ? 0 : Math.Max(_options.SoftTokenCacheBytes / softTokens, 1);
            Add(Ram, MemoryPart.Workspace, (4L * Text.EmbeddingLength * _context.PrefixLength) + (softTokens * (_options.ImagesPerPrompt + cached)), MemoryStage.Always);
            Add(Ram, MemoryPart.Process, ProcessBytes, MemoryStage.Always);
            Add(Ram, MemoryPart.Process, VocabularyBytesPerToken * Text.VocabularySize, _text);
        }

        /// <summary>The CPU rounds the other factor of a product to 8 or 16 bits first, all rows of it.</summary>
        private long Rounded(IEnumerable<TensorShape> tensors, int rows, Func<TensorShape, bool> takes)
        {
            TensorShape[] matrices = [.. tensors.Where(tensor => tensor.Shape.Length > 1)];
            long own = _machine.OwnProducts && _options.MayMultiply
                ? matrices.Where(takes)
                    .Max(tensor =>
                        (long?)ProductWork.BytesFor(WeightFormat.Of(tensor.Type)!.Shape, tensor.Shape[0], rows, _machine.Threads)) ?? 0 : 0;
            return Math.Max(own, rows * matrices.Max(RoundedRow));
        }

        private static long RoundedRow(TensorShape tensor) => tensor.Type switch
        {
            GgmlType.F32 => 0,
            GgmlType.F16 or GgmlType.BF16 => 2 * tensor.Shape[0],
            { BlockSize: 256 } => tensor.Shape[0] / 256 * GgmlType.Q8_K.TypeSize,
            _ => (tensor.Shape[0] + 31) / 32 * GgmlType.Q8_1.TypeSize,
        };

        private bool PacksText(TensorShape tensor) => !_ownProducts && _machine.Packing.Packs(tensor);

        private bool PacksVision(TensorShape tensor) =>
            _machine.Packing.Packs(tensor) && !(_machine.OwnProducts && _options.MayMultiply && TakesVision(tensor));

        private static bool TakesText(TensorShape tensor) =>
            tensor.Shape.Length == 2 && MatrixProduct.TakesFewRows(tensor.Type, tensor.Shape[0], tensor.Shape[1]);

        private static bool TakesVision(TensorShape tensor) =>
            tensor.Shape.Length == 2 && MatrixProduct.TakesManyRows(tensor.Type, tensor.Shape[0], tensor.Shape[1]);

        private static long AlignedBytes(TensorShape tensor) => (tensor.Bytes + GraphAllocation.Alignment - 1) / GraphAllocation.Alignment * GraphAllocation.Alignment;

        private static void Add(List<MemoryUse> device, MemoryPart part, long bytes, MemoryStage stage, bool mapped = false)
        {
            if (bytes > 0) device.Add(new MemoryUse(part, bytes, stage, mapped));
        }
    }
}
