using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Conversion.Quantization;
using PaliGguf.Evaluation;
using PaliGguf.Evaluation.Samples;

namespace PaliGguf.Cli.Evaluations;

/// <summary>Gathers an importance matrix and writes it.</summary>
internal sealed class ImportanceTask(Terminal terminal, UserSettings settings, ModelLoader loader)
{
    /// <param name="output">The file to write.</param>
    /// <param name="earlier">Files of earlier runs, which are added up in it.</param>
    /// <param name="choice">The pictures and prompts.</param>
    /// <param name="cancellationToken">Ends it; nothing is written then.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string output, IReadOnlyList<string> earlier, SampleChoice choice, CancellationToken cancellationToken)
    {
        RequireFolder(output);
        ImportanceMatrix before = new();
        foreach (string file in earlier) before.Add(ImportanceMatrix.Read(file));
        IReadOnlyList<EvaluationSample> samples = choice.Find(settings.Lang, cancellationToken);
        ImportanceOptions options = new()
        {
            Model = loader.Path,
            ModelOptions = loader.Options(images: 1, SampleChoice.TextTokens(samples, settings.MaxTokens)) with { SoftTokenCacheBytes = ModelOptions.OnePicture, Branches = 0 },
            Samples = samples,
            MaxTokens = settings.MaxTokens,
            Dataset = choice.Folder,
            Earlier = before,
        };
        ImportanceMatrix matrix;
        await using (SlowStatus status = new(terminal, "loading the model"))
        {
            matrix = await ImportanceGathering.RunAsync(options, new EvaluationStatus(status), cancellationToken);
        }

        matrix.Write(output, cancellationToken);
        ImportanceJson result = new(Path.GetFullPath(output), new FileInfo(output).Length, matrix.Weights.Count, samples.Count, matrix.Chunks);
        if (settings.Json) terminal.WriteJson(result, EvaluationsJson.Default.ImportanceJson);
        else terminal.WriteLine($"{result.Path}  {Quantity.Bytes(result.Bytes)}, {result.Matrices} matrices, {result.Chunks} answers");
        return ExitCode.Success;
    }

    // The model may run for hours before the file is written.
    private static void RequireFolder(string output)
    {
        string path = Path.GetFullPath(output);
        if (Directory.Exists(path)) throw new UsageException($"--out {output} is a folder; expected a file's name.");
        if (!Directory.Exists(Path.GetDirectoryName(path))) throw new UsageException($"--out {output}: its folder does not exist.");
    }
}
