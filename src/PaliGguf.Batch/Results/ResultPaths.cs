namespace PaliGguf.Batch.Results;

/// <summary>The files of a batch, beside each other.</summary>
/// <param name="Results">Where the results are wanted.</param>
public sealed record ResultPaths(string Results)
{
    /// <summary>The answers, a line of JSON each: the results themselves, or what results of another form are made from.</summary>
    public string Lines => IsLines ? Results : Results + ".lines.jsonl";

    /// <summary>What has no answer, a line of JSON each; only there where there was some.</summary>
    public string Failures => Results + ".failures.jsonl";

    /// <summary>What is done.</summary>
    public string Journal => Results + ".journal";

    /// <summary>Whether the results are wanted as lines of JSON.</summary>
    public bool IsLines => Path.GetExtension(Results).ToLowerInvariant() is ".jsonl" or ".ndjson";
}
