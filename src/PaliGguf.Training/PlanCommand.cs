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
    private const int ShortestText = 2, LongestText = 1 << 16;

    public static Command Create()
    {
        ModelOptionGroup model = new();
        IReadOnlyList<IOptionGroup> groups = [model, new RunOptionGroup(), new TuningOptionGroup(), new OptimizerOptionGroup()];
        Option<int> tokens = OptionForms.Number(
            "--text-tokens", 44, ShortestText, LongestText, "Tokens of prefix and suffix together, of the longest example.");
        Option<bool> json = OptionForms.Switch("--json", "Print JSON.");
        Command command = new("plan", "Tell what memory a run with these options needs, by some of its steps.");
        foreach (Option option in groups.SelectMany(group => group.All)) command.Add(option);
        command.Add(tokens);
        command.Add(json);
        command.SetAction(parse =>
        {
            TrainingSettings settings = new() { Model = model.Files(parse), Data = "", Output = "" };
            settings = groups.Aggregate(settings, (sum, group) => group.Apply(parse, sum));
            MemoryForecast forecast = Rehearsal.Run(settings, parse.GetValue(tokens));
            Console.WriteLine(parse.GetValue(json) ? Json(forecast) : Text(settings, forecast));
            return forecast.Fits ? 0 : 1;
        });
        return command;
    }

    private static string Text(TrainingSettings settings, MemoryForecast forecast)
    {
        string layers = forecast.MeasuredLayers == forecast.Layers
            ? string.Create(CultureInfo.InvariantCulture, $"measured in steps of all {forecast.Layers} layers")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{forecast.Measured / 1e9:F2} GB in steps of {forecast.MeasuredLayers} layers, and {forecast.Further / 1e9:F2} GB of the other "
                + $"{forecast.Layers - forecast.MeasuredLayers}");
        string free = forecast.Available is not { } available ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; {available / 1e9:F2} GB are free{(forecast.Fits ? "" : ": that is too little")}");
        string way = settings.Network.IsStreamed ? "layers turned from the file one by one" : "weights held as floats";
        return string.Create(CultureInfo.InvariantCulture, $"peak memory {forecast.Peak / 1e9:F2} GB, {way} ({layers}){free}");
    }

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
