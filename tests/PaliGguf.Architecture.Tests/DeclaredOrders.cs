using PaliGguf.Architecture.Tests.Rooms;

namespace PaliGguf.Architecture.Tests;

/// <summary>The order of the projects and of the rooms within each, which docs/architecture.md draws. A new one gets a place
/// here.</summary>
internal static class DeclaredOrders
{
    public static Order Projects { get; } = new(
        "PaliGguf, PaliGguf.Rival < PaliGguf.Conversion, PaliGguf.Imaging, PaliGguf.Native < PaliGguf.Hub "
        + "< PaliGguf.AI, PaliGguf.Evaluation, PaliGguf.Hosting "
        + "< PaliGguf.ImageSharp, PaliGguf.LLamaSharp, PaliGguf.Parquet, PaliGguf.Server < PaliGguf.Batch < PaliGguf.Broker "
            + "< PaliGguf.Cli, PaliGguf.Training");

    private static readonly Dictionary<string, string> Rooms = new(StringComparer.Ordinal)
    {
        ["PaliGguf"] = "Interop < Gguf, Diagnostics < Products < Vision, Language < Adapters, Memory < Tasks",
        ["PaliGguf.AI"] = "Chat, DependencyInjection",
        ["PaliGguf.Batch"] = "Sources, Journals < Results < Exports, Runs",
        ["PaliGguf.Broker"] = "Connections, Messages, Metrics < Collecting, Working",
        ["PaliGguf.Cli"] = "Drawings, Terminals < Settings < Models < Hosting, Adapters, Conversions, Evaluations, Hubs, Instances "
            + "< Answers, Batches, Benchmarks, Choices, Diagnosis, Inspection, Mcp, Plans, Serving, Training < Commands",
        ["PaliGguf.Conversion"] = "Sources < Configuration < Tensors, Tokenizers < BigVision, Quantization < Output < Adapters, Bert, Synthesis",
        ["PaliGguf.Evaluation"] = "Metrics, Samples < Statistics < Datasets, Encoders < Comparison, Journals, Scoring < Runs < Reports",
        ["PaliGguf.Hosting"] = "Drawings, Json, Models, Requests < Settings < Failures, Pictures",
        ["PaliGguf.Hub"] = "Http < Repositories < Store < Pulling",
        ["PaliGguf.Imaging"] = "Interop < Formats < front door < Drawing, Frames",
        ["PaliGguf.LLamaSharp"] = "Binding",
        ["PaliGguf.Native"] = "Layouts < Calls < Work",
        ["PaliGguf.Training"] =
            "Runtime < Files, Weights < Network < Examples, Optimization < Tuning < Results, Runs < Options, Outcomes, Pages, Planning",
        ["PaliGguf.Server"] = "Http, Metrics < Models, Pictures, Security < Work < Conversations < Ollama, OpenAi, Operations, Tasks",
    };

    /// <summary>The order of a project's rooms; empty where none is declared.</summary>
    public static Order RoomsOf(string project) => new(Rooms.GetValueOrDefault(project, ""));
}
