using PaliGguf.Conversion;
using PaliGguf.Training.Network;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Tuning;
using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Results;

/// <summary>What comes out of a run: an adapter in both forms, or a pair of GGUF files.</summary>
internal static class RunResults
{
    /// <summary>The adapter's file in the run's folder.</summary>
    public const string AdapterFile = "adapter.gguf";

    /// <summary>PEFT's folder in the run's folder.</summary>
    public const string PeftFolder = "peft";

    /// <summary>Writes it.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="files">The pair that was trained on.</param>
    /// <param name="network">The model as it was trained.</param>
    /// <param name="plan">What was trained.</param>
    /// <param name="trained">Its tensors.</param>
    /// <param name="options">What else is wanted.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>The files and folders that are there now.</returns>
    /// <exception cref="PaliException">One can not be written.</exception>
    public static async Task<IReadOnlyList<string>> WriteAsync(
        string folder, ModelFiles files, PairNetwork network, TuningPlan plan, IReadOnlyList<TrainedTensor> trained, ResultOptions options,
        CancellationToken cancellationToken)
    {
        List<string> written = [];
        bool isLora = plan.Method == TuningMethod.Lora;
        if (isLora)
        {
            string peft = Path.Combine(folder, PeftFolder);
            PeftOutput.Write(peft, plan, trained, network.Name, options.OlderNames);
            written.Add(peft);
            if (!plan.AdaptsTower)
            {
                string adapter = Path.Combine(folder, AdapterFile);
                AdapterConversionOptions conversion = new()
                {
                    Source = peft,
                    Model = files.Text,
                    OutputPath = adapter,
                    Type = ModelFileType.F32,
                };
                await AdapterConverter.ConvertAsync(conversion, cancellationToken).ConfigureAwait(false);
                written.Add(adapter);
            }
        }

        // Soft tokens can not be switched while a model runs.
        if (!isLora || options.Merges || plan.AdaptsTower) written.AddRange(WritePair(folder, files, network));
        return written;
    }

    private static IEnumerable<string> WritePair(string folder, ModelFiles files, PairNetwork network)
    {
        string text = Path.Combine(folder, Path.GetFileName(files.Text));
        string vision = Path.Combine(folder, Path.GetFileName(files.Vision));
        TunedFile.Write(network.TextFile, text, network.TextWeights, network.DecoderLayers.SelectMany(layer => layer.Linears));
        IEnumerable<Linear> tower = [.. network.TowerLayers.SelectMany(layer => layer.Linears), .. network.Projector.Linears];
        TunedFile.Write(network.VisionFile, vision, network.VisionWeights, tower);
        return [text, vision];
    }
}

/// <summary>What else is wanted of a run.</summary>
/// <param name="Merges">Whether a pair is written with the adapter in it.</param>
/// <param name="OlderNames">Whether PEFT's modules are named as before transformers 4.52.</param>
internal sealed record ResultOptions(bool Merges = false, bool OlderNames = false);
