using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PaliGguf.AI.DependencyInjection;

/// <summary>Loads a model by its settings, and logs how it goes.</summary>
internal sealed partial class ModelLoad(IOptionsMonitor<PaliGgufOptions> options, string name, ILoggerFactory loggers, PaliModelLoader load)
{
    private readonly ILogger _logger = loggers.CreateLogger<PaliModelProvider>();

    public async Task<PaliModel> RunAsync(CancellationToken cancellationToken)
    {
        PaliGgufOptions settings = options.Get(name);
        string path = settings.Model!;
        long start = Stopwatch.GetTimestamp();
        Loading(path);
        try
        {
            ModelOptions own = settings.ToModelOptions(loggers);
            PaliModel model = await load(path, own, new Stages(this, path), cancellationToken).ConfigureAwait(false);
            Loaded(path, Stopwatch.GetElapsedTime(start).TotalSeconds);
            return model;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Failed(path, failure.Message);
            throw;
        }
    }

    [LoggerMessage(LogLevel.Information, "Loading {Path}.")]
    private partial void Loading(string path);

    [LoggerMessage(LogLevel.Debug, "{Path}: {Stage} ({Percent:0} %).")]
    private partial void Reached(string path, string stage, float percent);

    [LoggerMessage(LogLevel.Information, "Loaded {Path} in {Seconds:0.0} s.")]
    private partial void Loaded(string path, double seconds);

    [LoggerMessage(LogLevel.Error, "{Path} was not loaded, and will be tried again with the next request: {Problem}")]
    private partial void Failed(string path, string problem);

    private sealed class Stages(ModelLoad load, string path) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => load.Reached(path, value.Stage, 100 * value.Fraction);
    }
}
