using System.Text.Json;
using PaliGguf.Training.Files;
using PaliGguf.Training.Optimization;

namespace PaliGguf.Training.Runs;

/// <summary>
/// What a run goes on from: what is trained, what the optimizer remembers, and how far it has come. Saved under a temporary name first,
/// so that whatever ends the process leaves the last one that was complete.
/// </summary>
/// <param name="folder">The run's folder.</param>
/// <param name="trained">What is trained.</param>
/// <param name="optimizer">Who trains it.</param>
internal sealed class Checkpoint(string folder, IReadOnlyList<TrainedTensor> trained, IOptimizer optimizer)
{
    private readonly string _last = Path.Combine(folder, "last.safetensors");
    private readonly string _best = Path.Combine(folder, "best.safetensors");

    /// <summary>Whether there is one.</summary>
    public bool Exists => File.Exists(_last);

    /// <summary>Whether there is one of the best validation.</summary>
    public bool HasBest => File.Exists(_best);

    /// <summary>Saves the state.</summary>
    public void Save(RunState state) => TensorFile.Write(
        _last, [.. Weights, .. optimizer.Memory], new Dictionary<string, string> { ["state"] = JsonSerializer.Serialize(state) });

    /// <summary>Saves what is trained as the best so far.</summary>
    public void SaveBest() => TensorFile.Write(_best, Weights, new Dictionary<string, string>());

    /// <summary>Goes back to the last state.</summary>
    /// <exception cref="PaliException">It can not be read, or is of another run.</exception>
    public RunState Load()
    {
        TensorFile.Read(_last, [.. Weights, .. optimizer.Memory]);
        RunState state = ReadState();
        optimizer.Steps = state.Step;
        return state;
    }

    /// <summary>Goes back to the best weights.</summary>
    public void LoadBest() => TensorFile.Read(_best, Weights);

    private (string Name, Tensor Value)[] Weights => [.. trained.Select(each => (each.Name, each.Value))];

    private RunState ReadState()
    {
        try
        {
            using FileStream file = RegularFile.Open(_last);
            Span<byte> length = stackalloc byte[sizeof(long)];
            file.ReadExactly(length);
            long bytes = BitConverter.ToInt64(length);
            if (bytes < 0 || bytes > file.Length) throw new JsonException("its header is longer than the file");
            byte[] header = new byte[bytes];
            file.ReadExactly(header);
            using JsonDocument document = JsonDocument.Parse(header);
            return JsonSerializer.Deserialize<RunState>(document.RootElement.GetProperty("__metadata__").GetProperty("state").GetString()!)
                ?? throw new JsonException("its state is null");
        }
        catch (Exception e)
            when (e is JsonException or IOException or KeyNotFoundException or ArgumentNullException or InvalidOperationException)
        {
            throw new PaliException($"{_last}: it tells of no run: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}

/// <summary>How far a run has come.</summary>
/// <param name="Step">The steps that are done.</param>
/// <param name="BestLoss">The least validation loss; null before the first.</param>
/// <param name="BestStep">After which step it was.</param>
/// <param name="Worse">Validations since then.</param>
/// <param name="Measured">After which step the last validation was; 0 for that before the first step, -1 for none.</param>
internal sealed record RunState(long Step, double? BestLoss = null, long BestStep = 0, int Worse = 0, long Measured = -1);
