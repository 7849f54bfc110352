using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PaliGguf.Training.Options;
using PaliGguf.Training.Planning;
using PaliGguf.Training.Runs;

namespace PaliGguf.Training;

/// <summary><c>paligguf train plan</c>: what a run will need.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        MadeUpRunOptions options = new();
        Command command = new("plan", "Tell what memory a run with these options needs, by some of its steps.");
        options.AddTo(command);
        command.SetAction(parse =>
        {
            TrainingSettings settings = options.Read(parse);
            MemoryForecast forecast = Rehearsal.Run(settings, options.TextTokens(parse));
            Console.WriteLine(options.IsJson(parse) ? Json(forecast) : Text(settings, forecast));
            return forecast.Fits ? 0 : 1;
        });
        return command;
    }

    private static string Text(TrainingSettings settings, MemoryForecast forecast)
    {
        string layers = forecast.MeasuredLayers == forecast.Layers
            ? $"measured in steps of all {forecast.Layers} layers"
            : $"{Gigabytes(forecast.Measured)} in steps of {forecast.MeasuredLayers} layers, and "
                + $"{Gigabytes(forecast.Further)} of the other {forecast.Layers - forecast.MeasuredLayers}";
        string free = forecast.Available is not { } available ? ""
            : $"; {Gigabytes(available)} are free{(forecast.Fits ? "" : ": that is too little")}";
        string way = settings.Network.IsStreamed ? "layers turned from the file one by one" : "weights held as floats";
        return $"peak memory {Gigabytes(forecast.Peak)}, {way} ({layers}){free}";
    }

    private static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F2} GB");

    private static string Json(MemoryForecast forecast) => JsonSerializer.Serialize(
        new
        {
            peak = forecast.Peak,
            measured = forecast.Measured,
            measuredLayers = forecast.MeasuredLayers,
            layers = forecast.Layers,
            further = forecast.Further,
            available = forecast.Available,
            fits = forecast.Fits,
        });
}
