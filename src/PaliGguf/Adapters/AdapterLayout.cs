using PaliGguf.Gguf;
using PaliGguf.Interop;

namespace PaliGguf.Adapters;

/// <summary>
/// What an adapter's file must be for the native loader to take it: checked wholly beforehand, because that loader trusts its files, ends the process over a
/// key of another kind, and passes over what it does not apply.
/// </summary>
/// <param name="Modules">How many matrices it adapts.</param>
/// <param name="LargestRank">The largest rank among them.</param>
/// <param name="Bytes">Bytes of its weights.</param>
internal sealed record AdapterLayout(int Modules, int LargestRank, long Bytes)
{
    private const int HighestRank = 4096;
    private const int PieceElements = 1 << 18;
    private const string FirstSuffix = ".lora_a";
    private const string SecondSuffix = ".lora_b";

    /// <summary>Reads and checks an adapter.</summary>
    /// <param name="file">The adapter.</param>
    /// <param name="model">The checked text model that it is for.</param>
    /// <exception cref="ModelFormatException">It is no adapter, not a sound one, or not for this model; all unfit tensors are listed.</exception>
    public static AdapterLayout Read(GgufFile file, GgufFile model)
    {
        string kind = Text(file, "general.type");
        file.Require(kind == "adapter", $"general.type is {GgufName.Quote(kind)}, and an adapter is wanted here; 'paligguf adapter' makes one of a PEFT folder.");
        string type = Text(file, "adapter.type");
        file.Require(type == "lora", $"adapter.type is {GgufName.Quote(type)}; only 'lora' is supported.");
        string architecture = Text(file, "general.architecture");
        string wanted = model.Metadata.GetString("general.architecture");
        file.Require(architecture == wanted, $"the adapter is for {GgufName.Quote(architecture)}, and {model.Path} is {GgufName.Quote(wanted)}.");
        file.RequireNumber("adapter.lora.alpha", 0, 1e9);
        file.Require(!file.Metadata.Contains("adapter.alora.invocation_tokens"), $"it is an activated LoRA, which begins in the middle of a text: not supported.");
        AdapterLayout layout = CheckTensors(file, model);
        foreach (GgufTensor tensor in file.Tensors) RequireFinite(file, tensor);
        return layout;
    }

    // GetString also refuses a value of another type, over which the native loader would end the process.
    private static string Text(GgufFile file, string key) =>
        file.Metadata.Contains(key) ? file.Metadata.GetString(key) : throw new ModelFormatException(file.Path, $"{key} is missing, so this is no adapter; 'paligguf adapter' makes one of a PEFT folder.");

    private static AdapterLayout CheckTensors(GgufFile file, GgufFile model)
    {
        List<ExpectedTensor> expected = [];
        List<string> problems = [];
        int largest = 0;
        foreach (GgufTensor tensor in file.Tensors)
        {
            bool second = tensor.Name.EndsWith(SecondSuffix, StringComparison.Ordinal);
            string target = second || tensor.Name.EndsWith(FirstSuffix, StringComparison.Ordinal) ? tensor.Name[..^FirstSuffix.Length] : "";
            if (Matrix(model, target) is not { } matrix)
            {
                problems.Add($"{GgufName.Quote(tensor.Name)} is for nothing in the model that an adapter can change");
                continue;
            }

            if (tensor.Type is not (GgmlType.F32 or GgmlType.F16 or GgmlType.BF16 or GgmlType.Q8_0)) problems.Add($"{tensor.Name} is {tensor.Type}, expected F32, F16, BF16 or Q8_0");
            long rank = second ? tensor.RowLength : tensor.RowCount;
            if (tensor.Shape.Length > 2 || rank > HighestRank) problems.Add($"{tensor} has no rank from 1 to {HighestRank}");
            largest = (int)Math.Max(largest, Math.Min(rank, HighestRank));
            expected.Add(new ExpectedTensor(target + FirstSuffix, [matrix.Shape[0], rank]));
            expected.Add(new ExpectedTensor(target + SecondSuffix, [rank, matrix.Shape[1]]));
        }

        file.Require(problems.Count == 0, $"the adapter does not fit {model.Path}: {string.Join("; ", problems.Take(10))}{(problems.Count > 10 ? $"; and {problems.Count - 10} more" : "")}.");
        file.Require(file.Tensors.Count > 0, $"the adapter has no tensors.");
        file.RequireTensors(expected.Distinct());
        return new AdapterLayout(file.Tensors.Count / 2, largest, file.Tensors.Sum(tensor => tensor.ByteLength));
    }

    // Not the embedding: it is the output matrix too, and its rows for the prefix are read past the library.
    private static GgufTensor? Matrix(GgufFile model, string name) =>
        name.StartsWith("blk.", StringComparison.Ordinal) && model.TryGetTensor(name, out GgufTensor? tensor) && tensor.Shape.Length == 2 ? tensor : null;

    private static void RequireFinite(GgufFile file, GgufTensor tensor)
    {
        int rows = (int)Math.Clamp(PieceElements / tensor.RowLength, 1, tensor.RowCount);
        float[] values = new float[rows * tensor.RowLength];
        for (long row = 0; row < tensor.RowCount; row += rows)
        {
            int count = (int)Math.Min(rows, tensor.RowCount - row);
            Span<float> piece = values.AsSpan(0, (int)(count * tensor.RowLength));
            GgmlRows.Dequantize(tensor.Type, file.GetRows(tensor, row, count), piece);
            file.Require(piece.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) < 0, $"the tensor {tensor.Name} holds a number that is not finite.");
        }
    }
}
