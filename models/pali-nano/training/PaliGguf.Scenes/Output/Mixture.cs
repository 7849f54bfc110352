using System.Globalization;

namespace PaliGguf.Scenes.Output;

/// <summary>How often each task is asked of a scene, beside the others that can be.</summary>
internal sealed class Mixture
{
    private static readonly (string Task, double Weight)[] Usual =
    [
        ("cap", 0.5), ("caption", 1.5), ("thai", 1.5), ("describe", 1), ("detect", 2), ("several", 1.5), ("segment", 2), ("ocr", 4),
        ("absent", 0.5), ("count", 1.2), ("question", 2),
    ];

    private readonly Dictionary<string, double> _weights =
        Usual.ToDictionary(each => each.Task, each => each.Weight, StringComparer.Ordinal);

    /// <summary>The usual mixture with some weights changed.</summary>
    /// <param name="changes">"detect=3,cap=0"; null for none.</param>
    /// <exception cref="PaliException">There is no such task, or a weight is no number.</exception>
    public Mixture(string? changes = null)
    {
        foreach (string change in (changes ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = change.Split('=');
            if (parts.Length != 2 || !_weights.ContainsKey(parts[0])
                || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double weight) || !(weight >= 0))
            {
                throw new PaliException($"'{change}' is no weight of a task: {string.Join(", ", _weights.Keys)}, as in detect=2.");
            }

            _weights[parts[0]] = weight;
        }
    }

    public double this[string task] => _weights[task];

    public override string ToString() => string.Join(',', _weights.Select(each => $"{each.Key}={each.Value}"));
}
